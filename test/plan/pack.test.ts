import { describe, expect, it } from 'vitest';
import { compile } from '../../src/definition/compile.ts';
import { packPlan, unpackPlan } from '../../src/plan/pack.ts';
import { generate } from '../model/generate.ts';
import { QUICK } from '../model/world.ts';

const catalog = ['work', QUICK].map((name) => ({ name, local: name === QUICK, inputSchema: {}, defaults: undefined }));

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
      const sent = JSON.stringify(packPlan({ plan }));
      expect(unpackPlan(JSON.parse(sent)), `seed ${seed}`).toEqual({ plan });
      compiled++;
      whole += JSON.stringify({ plan }).length;
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
    expect(plan && packPlan({ plan }).plan).toMatchObject({
      tasks: [
        { id: 'a', type: 'executor', order: 0, executor: 'work', with: {} },
        { timeout: 5_000, retry: { maxAttempts: 1 } },
      ],
    });
    expect(plan && Object.keys((packPlan({ plan }).plan['tasks'] as object[])[0] ?? {})).not.toContain('retry');
  });

  it('is the same when it was never packed', () => {
    const plan = planOf({ name: 'packed', tasks: [{ id: 'a', type: 'executor', executor: 'work' }] });
    expect(plan && unpackPlan({ plan })).toEqual({ plan });
  });
});
