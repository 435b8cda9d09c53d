/** Local tasks that come one after the other share local activities: what comes of each is as if it had its own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOCAL_SERIES } from '../../src/messages.ts';
import type { InSeries } from '../../src/messages.ts';
import { ask } from '../migrations/catalog.ts';
import type { Together } from './local-together.ts';
import { callNothingAgain, createTogether, isOf, pathsOf } from './local-together.ts';

describe('series of local tasks', { timeout: 60_000 }, () => {
  let together: Together;
  beforeAll(async () => {
    together = await createTogether(LOCAL_SERIES);
  });
  afterAll(() => together.stack.close());

  async function run(name: string, count: number, how: string) {
    const { answers, ...seen } = await together.run(name, count, 1, how);
    const told = answers.flatMap((answer) => Object.entries(answer as { [path: string]: InSeries }));
    return {
      ...seen,
      answers,
      series: answers.length,
      inSeries: told.flatMap(([path, { to }]) => (to === undefined ? [] : [path])),
    };
  }

  it('leave one marker each, and rows for every attempt, in order', async () => {
    const { execution, series, inSeries, alone, calls, attempts, tasks } = await run('quick', 110, 'plain');
    expect(execution).toMatchObject({ status: 'success', output: Array.from({ length: 110 }, (_, index) => index) });
    expect(series).toBeGreaterThan(0);
    expect(inSeries.length + alone).toBe(110);
    expect(new Set(inSeries).size).toBe(inSeries.length);
    expect(inSeries.length).toBeGreaterThan(0);
    expect(calls).toEqual(pathsOf(110).map((path) => `${path} 1`));
    expect(attempts).toHaveLength(110);
    expect(attempts.every(({ status, attempt, local }) => status === 'success' && attempt === 1 && local)).toBe(true);
    expect(tasks.map(({ path }) => path)).toEqual(pathsOf(110));
    expect(tasks.every(({ status, local }) => status === 'success' && local)).toBe(true);
    const times = tasks.map((row) => [Number(row['start_time']), Number(row['end_time'])] as const);
    for (const [index, [startedAt]] of times.entries()) {
      expect(startedAt).toBeGreaterThanOrEqual(times[index - 1]?.[1] ?? 0);
    }
  });

  it('begin nothing twice: what failed, is slow or large goes on by itself', async () => {
    const how = '"flaky10 slow20 large30 flaky50"';
    const { execution, inSeries, alone, calls, attempts, tasks } = await run('mixed', 60, how);
    const output = Array.from({ length: 60 }, (_, index) => (index === 30 ? -1 : index));
    expect(execution).toMatchObject({ status: 'success', output });
    expect(inSeries.length + alone).toBe(60);
    expect(inSeries.filter((path) => /\[(10|20|30|50)\]/.test(path))).toEqual([]);
    const attemptsOf = (number: number) => (number === 10 || number === 50 ? [1, 2, 3] : [1]);
    expect(calls).toEqual(
      pathsOf(60).flatMap((path, number) => attemptsOf(number).map((attempt) => `${path} ${attempt}`)),
    );
    expect(attempts.filter(isOf(10)).map(({ status }) => status)).toEqual(['failed', 'failed', 'success']);
    expect(attempts.filter(isOf(20))).toMatchObject([{ attempt: 1, status: 'success', local: true }]);
    expect(tasks.filter(isOf(50))).toMatchObject([{ status: 'success', attempt: 3 }]);
    expect(attempts).toHaveLength(64);
  });

  it('begin none after one that fails for good', async () => {
    const { execution, calls, tasks } = await run('failing', 30, 'fails15');
    expect(execution).toMatchObject({ status: 'failed', errorCode: 'BAD', errorTask: '/each[15]/one' });
    expect(calls).toEqual(pathsOf(16).map((path) => `${path} 1`));
    expect(tasks.map(({ status }) => status)).toEqual([...Array.from({ length: 15 }, () => 'success'), 'failed']);
  });

  it('begin none after one that has held its worker up, before the workflow was asked', async () => {
    const { execution, answers, inSeries, alone, calls } = await run('blocked', 30, 'blocks3');
    expect(execution).toMatchObject({ status: 'success' });
    expect(calls).toEqual(pathsOf(30).map((path) => `${path} 1`));
    expect(inSeries.length + alone).toBe(30);
    const with3 = answers.map((answer) => Object.keys(answer)).filter((paths) => paths.includes('/each[3]/one'));
    for (const paths of with3) expect(paths.at(-1)).toBe('/each[3]/one');
  });

  callNothingAgain(run);

  it('are read from the history like others', async () => {
    const { stack } = together;
    const reconciler = stack.reconcile();
    const { id, inSeries } = await run('again', 40, 'flaky12');
    expect(await reconciler.verify('default', id)).toMatchObject({ state: 'ended', agrees: true });
    const text = `update weft.task_executions set result = '-1' where execution_id = $1 and path = $2`;
    await ask(stack.superuserUrl, text, [id, inSeries[0]]);
    const found = await reconciler.verify('default', id);
    expect(found?.differences.map(({ path }) => path)).toEqual([inSeries[0]]);
  });
});
