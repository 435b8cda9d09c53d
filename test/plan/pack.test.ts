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
      tasks: [
        { id: 'a', executor: 'work', with: {}, keep: false },
        {
          id: 'b',
          executor: 'work',
          with: {},
          timeout: 5_000,
          retry: plan.tasks[1]?.type === 'executor' && plan.tasks[1].retry,
        },
      ],
    });
  });

  it('is the same when it was never packed', () => {
    const plan = planOf({ name: 'packed', tasks: [{ id: 'a', type: 'executor', executor: 'work' }] });
    expect(plan && unpackPlan(plan, other)).toEqual(plan);
  });
});
