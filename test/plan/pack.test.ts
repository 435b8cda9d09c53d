import { describe, expect, it } from 'vitest';
import { compile } from '../../src/definition/compile.ts';
import { packPlan, unpackPlan } from '../../src/plan/pack.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { generate } from '../model/generate.ts';
import { QUICK } from '../model/world.ts';

const catalog = ['work', QUICK].map((name) => ({ name, local: name === QUICK, inputSchema: {}, defaults: undefined }));

const ownerOf = ({ name, version }: Plan) => ({ workflow: name, version });
const other = { workflow: 'another', version: '7' };

function planOf(definition: unknown) {
  const compiled = compile(JSON.stringify(definition), { format: 'json', version: '1', catalog });
  return compiled.ok ? compiled.plan : undefined;
}

describe('a Plan on its way', () => {
  it('comes out as it went in: of 500 random programs', () => {
    let [compiled, whole, packed] = [0, 0, 0];
    for (let seed = 1; seed <= 500; seed++) {
      const plan = planOf(generate(seed).definition);
      if (!plan) continue;
      for (const owner of [other, ownerOf(plan)]) {
        const text = JSON.stringify(packPlan(plan, owner));
        expect(unpackPlan(JSON.parse(text), owner), `seed ${seed}`).toEqual(plan);
      }
      const sent = JSON.stringify(packPlan(plan, ownerOf(plan)));
      compiled++;
      whole += JSON.stringify(plan).length;
      packed += sent.length;
    }
    expect(compiled).toBeGreaterThan(400);
    console.log(`${compiled} Plans of ${whole} bytes take ${packed}`);
  });

  it('leaves out what most tasks have', () => {
    const plan = planOf({
      name: 'packed',
      tasks: [
        { id: 'a', type: 'executor', executor: 'work' },
        { id: 'b', type: 'executor', executor: 'work', timeout: 5_000, retry: { maxAttempts: 1 } },
      ],
    });
    if (!plan) throw new Error('it does not compile');
    expect(packPlan(plan, ownerOf(plan))).toEqual({
      calls: { executor: 'work' },
      tasks: [
        { id: 'a', with: {}, keep: false },
        {
          id: 'b',
          with: {},
          timeout: 5_000,
          retry: plan.tasks[1]?.type === 'executor' && plan.tasks[1].retry,
        },
      ],
    });
  });

  it('says once what all its calls share, and nothing where one has it otherwise', () => {
    const call = { type: 'executor', executor: QUICK, timeout: 5_000, local: true };
    const inner = { id: 'c', type: 'sequential', tasks: [{ ...call, id: 'd' }] };
    const shared = planOf({ name: 'shared', tasks: [{ ...call, id: 'a' }, { ...call, id: 'b' }, inner] });
    const other = planOf({
      name: 'other',
      tasks: [
        { ...call, id: 'a' },
        { ...call, id: 'b', executor: 'work', local: false },
      ],
    });
    if (!shared || !other) throw new Error('they do not compile');
    expect(packPlan(shared, ownerOf(shared))).toEqual({
      calls: { executor: QUICK, timeout: 5_000, local: true },
      tasks: [
        { id: 'a', with: {}, keep: false },
        { id: 'b', with: {}, keep: false },
        { id: 'c', type: 'sequential', size: 2, tasks: [{ id: 'd', with: {} }] },
      ],
    });
    expect(packPlan(other, ownerOf(other))).toMatchObject({ calls: { timeout: 5_000 }, tasks: [{ local: true }, {}] });
  });

  it('is the same when it was never packed', () => {
    const plan = planOf({ name: 'packed', tasks: [{ id: 'a', type: 'executor', executor: 'work' }] });
    expect(plan && unpackPlan(plan, other)).toEqual(plan);
  });
});
