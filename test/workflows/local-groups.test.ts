import { describe, expect, it } from 'vitest';
import { TaskError } from '../../workflows/outcome.ts';
import type { FakeExecutor } from './fake-world.ts';
import type { Start } from './run-definition.ts';
import { runDefinition } from './run-definition.ts';

const each = (count: number, task = '', more = '') => `
tasks:
  - id: each
    type: foreach
    items: "{% [1..${count}] %}"
    maxConcurrency: ${count}
    ${more}
    tasks: [{ id: one, type: executor, executor: quick, with: "{% $item %}"${task} }]
`;
const run = (source: string, quick: FakeExecutor = ({ input }) => input, start: Start = {}) =>
  runDefinition(source, { ...start, executors: { quick } });

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('local tasks that begin at the same moment', () => {
  it('go in groups of 50, but for the first four', async () => {
    const { ending, world } = await run(each(120));
    expect(ending).toMatchObject({ status: 'success', output: upTo(120) });
    expect(world.groups).toEqual([50, 50, 16]);
    expect(world.calls).toHaveLength(120);
    expect(new Set(world.calls.map(({ path }) => path)).size).toBe(120);
  });

  it('go each by itself where there are few', async () => {
    expect((await run(each(4))).world.groups).toEqual([]);
    expect((await run(each(5))).world.groups).toEqual([]);
    expect((await run(each(6))).world.groups).toEqual([2]);
  });

  it('go on in groups as others of them end', async () => {
    const { ending, world } = await run(each(100).replace('maxConcurrency: 100', 'maxConcurrency: 30'));
    expect(ending).toMatchObject({ status: 'success', output: upTo(100) });
    expect(world.groups.length).toBeLessThan(12);
    expect(world.calls).toHaveLength(100);
  });

  it('end as they would in a run from before there were groups', async () => {
    const fails: FakeExecutor = ({ input, attempt }) => {
      if (Number(input) % 3 === 0 && attempt < Number(input) % 4) throw new TaskError('BAD', 'bad');
      return input;
    };
    const source = each(60, ', retry: { maxAttempts: 2 }', 'tolerate: { failures: 30 }');
    const [now, before] = [await run(source, fails), await run(source, fails, { isPatched: false })];
    expect([now.world.groups.length > 0, before.world.groups.length]).toEqual([true, 0]);
    expect(now.ending).toEqual(before.ending);
    expect(now.rows).toEqual(before.rows);
    const callsOf = ({ world }: typeof now) => world.calls.map(({ path, attempt }) => `${path} ${attempt}`).sort();
    expect(callsOf(now)).toEqual(callsOf(before));
  });

  it('keep an attempt that failed in its group as the first of their attempts', async () => {
    const { ending, world } = await run(each(30), ({ input, attempt }) => {
      if (input === 20 && attempt < 3) throw new TaskError('BAD', 'not yet');
      return input;
    });
    expect(ending).toMatchObject({ status: 'success', output: upTo(30) });
    const of20 = world.calls.filter(({ path }) => path === '/each[19]/one');
    expect(of20.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });

  it('that fail for good cancel the others, which are told so', async () => {
    const { ending, rows } = await run(each(30, ', retry: { maxAttempts: 1 }'), async ({ input, sleep }) => {
      if (input === 20) throw new TaskError('BAD', 'bad');
      await sleep(60_000);
      return input;
    });
    expect(ending).toMatchObject({ status: 'failed', error: { task: '/each[19]/one', attempt: 1 } });
    expect(rows['/each[19]/one']).toBe('failed');
    expect(rows['/each[29]/one']).toBe('cancelled');
  });

  it('go by themselves where their input is large', async () => {
    const large = each(30).replace('"{% $item %}"', "{ text: \"{% $pad('', 20000, 'x') %}\" }");
    const { world } = await run(large);
    expect(world.groups).toEqual([]);
    expect(world.calls).toHaveLength(30);
  });
});
