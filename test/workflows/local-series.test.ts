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
    maxConcurrency: 1
    ${more}
    tasks: [{ id: one, type: executor, executor: quick, with: "{% $item %}"${task} }]
`;
const run = (source: string, quick: FakeExecutor = ({ input }) => input, start: Start = {}) =>
  runDefinition(source, { ...start, executors: { quick } });

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const takes =
  (ms: number): FakeExecutor =>
  async ({ input, sleep }) => {
    await sleep(ms);
    return input;
  };
const pathsOf = (count: number) => upTo(count).map((number) => `/each[${number - 1}]/one`);

describe('local tasks that come one after the other', () => {
  it('go in series, the longer the quicker they are', async () => {
    const { ending, world } = await run(each(200));
    expect(ending).toMatchObject({ status: 'success', output: upTo(200) });
    expect(world.series).toEqual([10, 20, 40, 50, 50, 30]);
    expect(world.calls.map(({ path }) => path)).toEqual(pathsOf(200));
  });

  it('are called each when the one before it has succeeded', async () => {
    let running = 0;
    const { ending } = await run(each(60), async ({ input }) => {
      running++;
      await Promise.resolve();
      if (running > 1) throw new TaskError('TWO', 'two at once');
      running--;
      return input;
    });
    expect(ending).toMatchObject({ status: 'success', output: upTo(60) });
  });

  it('begin by themselves for a while where they take long', async () => {
    const { ending, world } = await run(each(40), takes(100));
    expect(ending).toMatchObject({ status: 'success', output: upTo(40) });
    expect(world.series).toEqual([10, 2, 2]);
    expect(world.calls.map(({ path }) => path)).toEqual(pathsOf(40));
  });

  it('never begin after one that failed, and keep its attempts', async () => {
    const { ending, world, rows } = await run(each(30, ', retry: { maxAttempts: 2 }'), ({ input, attempt }) => {
      if (input === 7 || (input === 3 && attempt === 1)) throw new TaskError('BAD', 'bad');
      return input;
    });
    expect(ending).toMatchObject({ status: 'failed', error: { code: 'BAD', task: '/each[6]/one', attempt: 2 } });
    const calls = world.calls.map(({ path, attempt }) => `${path} ${attempt}`);
    expect(calls).toEqual([
      ...['/each[0]/one 1', '/each[1]/one 1', '/each[2]/one 1', '/each[2]/one 2', '/each[3]/one 1', '/each[4]/one 1'],
      ...['/each[5]/one 1', '/each[6]/one 1', '/each[6]/one 2'],
    ]);
    expect(Object.keys(rows).filter((path) => path.startsWith('/each['))).toHaveLength(7);
  });

  it('end as they would in a run from before there were series', async () => {
    const fails: FakeExecutor = ({ input, attempt }) => {
      if (Number(input) % 3 === 0 && attempt < Number(input) % 4) throw new TaskError('BAD', 'bad');
      return input;
    };
    const source = each(60, ', retry: { maxAttempts: 2 }', 'tolerate: { failures: 30 }');
    const [now, before] = [await run(source, fails), await run(source, fails, { isPatched: false })];
    expect([now.world.series.length > 0, before.world.series.length]).toEqual([true, 0]);
    expect(now.ending).toEqual(before.ending);
    expect(now.rows).toEqual(before.rows);
    expect(now.took).toBe(before.took);
    const callsOf = ({ world }: typeof now) => world.calls.map(({ path, attempt }) => `${path} ${attempt}`);
    expect(callsOf(now)).toEqual(callsOf(before));
  });

  it.each([
    ['what they are given tells when', each(30).replace('$item', '$millis()')],
    ['what they are given is chance', each(30).replace('$item', '$random()')],
    ['what came of one can still fail', each(30, ', output: "{% $result + 1 %}"')],
    ['one may be skipped', each(30, ', if: "{% $item > 0 %}"')],
    ['one is taken back', each(30, ', compensate: { executor: quick, with: x }')],
    ['one has a time limit', each(30, ', totalTimeout: 1h')],
    ['there are two', each(2)],
    ['they are not local', each(30, ', local: false')],
    ['they go beside each other', each(30).replace('maxConcurrency: 1', 'maxConcurrency: 2')],
    ['another comes after each', each(30).replace('}]', '}, { id: two, type: set, vars: { x: 1 } }]')],
  ])('go each by itself where %s', async (_, source) => {
    const { ending, world } = await run(source);
    expect(ending.status).toBe('success');
    expect(world.series).toEqual([]);
  });

  it('go each by itself where the input is large, or is none', async () => {
    const large = await run(each(30).replace('"{% $item %}"', "{ text: \"{% $pad('', 20000, 'x') %}\" }"));
    expect([large.ending.status, large.world.series]).toEqual(['success', []]);
    const wrong = await run(each(30).replace('"{% $item %}"', `'{% $item < 5 ? $item : $number("x") %}'`));
    expect(wrong.ending).toMatchObject({ status: 'failed', error: { code: 'EXPRESSION_ERROR', task: '/each[4]/one' } });
    expect(wrong.world.calls).toHaveLength(4);
  });

  it('show the times their worker saw', async () => {
    const { world, took } = await run(each(20), takes(5));
    const times = world.facts.flatMap((fact) =>
      fact.kind === 'task' && fact.task.taskId === 'one' && fact.startedAt !== null && fact.endedAt !== null
        ? [[fact.startedAt, fact.endedAt] as const]
        : [],
    );
    expect(world.series.length).toBeGreaterThan(1);
    expect(took).toBe(100);
    const first = times[0]?.[0] ?? 0;
    expect(times).toEqual(Array.from({ length: 20 }, (_, index) => [first + 5 * index, first + 5 * (index + 1)]));
  });

  it('heed a pause between two series', async () => {
    const boss = { actor: { id: 'boss', names: ['boss'], groups: [] }, reason: null };
    const begun: number[] = [];
    let now = (): number => 0;
    const { ending } = await run(
      each(60),
      async ({ input, sleep }) => {
        begun.push(now());
        await sleep(5);
        return input;
      },
      {
        script: ({ time, send }, startedAt) => {
          now = () => time.now() - startedAt;
          time.at(startedAt + 52, () => void send('pause', boss));
          time.at(startedAt + 1_000, () => void send('resume', boss));
        },
      },
    );
    expect(ending).toMatchObject({ status: 'success', output: upTo(60) });
    expect(begun).toHaveLength(60);
    // What had begun with the series before it ends; none lasts longer than 20 ms.
    expect(begun.filter((at) => at > 72 && at < 1_000)).toEqual([]);
    expect(begun.filter((at) => at >= 1_000).length).toBeGreaterThan(30);
  });

  it('that have ended are told, and none begins, where the execution is cancelled meanwhile', async () => {
    const { ending, world, rows } = await run(each(30), takes(5), {
      script: ({ time, cancel }, startedAt) => void time.at(startedAt + 12, cancel),
    });
    expect(ending.status).toBe('cancelled');
    expect(world.calls).toHaveLength(3);
    expect(pathsOf(4).map((path) => rows[path])).toEqual(['success', 'success', 'cancelled', undefined]);
  });

  it('that a resumed execution has settled are called no more', async () => {
    const outcome = { status: 'success' as const, output: 'before' };
    for (const path of ['/each[4]', '/each[4]/one']) {
      const { ending, world } = await run(each(12), ({ input }) => input, { settled: { [path]: outcome } });
      expect(ending).toMatchObject({ output: upTo(12).map((number) => (number === 5 ? 'before' : number)) });
      expect(world.calls.map((call) => call.path)).toEqual(pathsOf(12).filter((one) => !one.includes('[4]')));
      expect(world.series).toEqual([4, 7]);
    }
  });

  it('keep their pace where a foreach comes again', async () => {
    const source = `
tasks:
  - id: outer
    type: foreach
    items: [1, 2, 3]
    maxConcurrency: 1
    tasks:
      - id: each
        type: foreach
        items: "{% [1..12] %}"
        maxConcurrency: 1
        tasks: [{ id: one, type: executor, executor: quick, with: "{% $item %}" }]
`;
    expect((await run(source, takes(100))).world.series).toEqual([10, 2, 2]);
    expect((await run(source)).world.series).toEqual([10, 2, 12, 12]);
  });

  it('go beside each other where two foreach do', async () => {
    const source = `
tasks:
  - id: outer
    type: foreach
    items: "{% [1..5] %}"
    maxConcurrency: 5
    tasks:
      - id: each
        type: foreach
        items: "{% [1..20] %}"
        maxConcurrency: 1
        tasks: [{ id: one, type: executor, executor: quick, with: "{% $item %}" }]
`;
    const { ending, world, took } = await run(source, takes(3));
    expect(ending).toMatchObject({ output: Array.from({ length: 5 }, () => upTo(20)) });
    expect(world.calls).toHaveLength(100);
    expect(new Set(world.calls.map(({ path }) => path)).size).toBe(100);
    expect(took).toBe(60);
  });

  it('are begun once where another run goes on', async () => {
    let asked = 0;
    const { ending, world, runs } = await run(each(120), ({ input }) => input, { isLong: () => ++asked % 40 === 0 });
    expect(ending).toMatchObject({ status: 'success', output: upTo(120) });
    expect(runs).toBeGreaterThan(1);
    expect(world.calls.map(({ path }) => path)).toEqual(pathsOf(120));
  });
});
