/** Local tasks that begin at the same moment share local activities: what comes of each is as if it had its own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOCAL_GROUP } from '../../src/messages.ts';
import { ask } from '../migrations/catalog.ts';
import type { Together } from './local-together.ts';
import { callNothingAgain, createTogether, isOf } from './local-together.ts';

describe('groups of local tasks', { timeout: 60_000 }, () => {
  let together: Together;
  beforeAll(async () => {
    together = await createTogether(LOCAL_GROUP);
  });
  afterAll(() => together.stack.close());

  async function run(name: string, count: number, how: string) {
    const { answers, ...seen } = await together.run(name, count, count, how);
    return { ...seen, groups: answers.length, inGroups: answers.flatMap((answer) => Object.keys(answer)) };
  }

  it('leave one marker each, and rows for every attempt', async () => {
    const { execution, groups, inGroups, alone, calls, attempts, tasks } = await run('quick', 110, 'plain');
    expect(execution).toMatchObject({ status: 'success', output: Array.from({ length: 110 }, (_, index) => index) });
    // 50, 50 and 6.
    expect(groups).toBe(3);
    expect(alone).toBeGreaterThanOrEqual(4);
    expect(inGroups.length + alone).toBe(110);
    expect(new Set(inGroups).size).toBe(inGroups.length);
    expect(inGroups.length).toBeGreaterThan(0);
    expect(new Set(calls).size).toBe(110);
    expect(calls).toHaveLength(110);
    expect(attempts).toHaveLength(110);
    expect(attempts.every(({ status, attempt, local }) => status === 'success' && attempt === 1 && local)).toBe(true);
    expect(tasks).toHaveLength(110);
    expect(tasks.every(({ status, local }) => status === 'success' && local)).toBe(true);
  });

  it('begin nothing twice: what failed, is slow or large goes on by itself', async () => {
    const how = '"flaky10 slow20 large30 flaky58"';
    const { execution, groups, inGroups, alone, calls, attempts, tasks } = await run('mixed', 60, how);
    const output = Array.from({ length: 60 }, (_, index) => (index === 30 ? -1 : index));
    expect(execution).toMatchObject({ status: 'success', output });
    expect(groups).toBe(2);
    expect(alone).toBeGreaterThanOrEqual(8);
    expect(inGroups.length + alone).toBe(60);
    expect(inGroups.filter((path) => /\[(10|20|30|58)\]/.test(path))).toEqual([]);
    expect(calls).toHaveLength(64);
    expect(calls.filter((call) => /\[(10|58)\]/.test(call)).sort()).toEqual(
      [10, 58].flatMap((number) => [1, 2, 3].map((attempt) => `/each[${number}]/one ${attempt}`)),
    );
    expect(attempts.filter(isOf(10)).map(({ status }) => status)).toEqual(['failed', 'failed', 'success']);
    expect(attempts.filter(isOf(20))).toMatchObject([{ attempt: 1, status: 'success', local: true }]);
    expect(tasks.filter(isOf(58))).toMatchObject([{ status: 'success', attempt: 3 }]);
    expect(attempts).toHaveLength(64);
  });

  it('leave the rest to calls of their own once a member has held its worker up', async () => {
    const { execution, inGroups, alone, calls } = await run('blocked', 30, 'blocks6');
    expect(execution).toMatchObject({ status: 'success' });
    expect(calls).toHaveLength(30);
    // Four before there is a group, and those behind the one that blocks, which haven't begun.
    expect(alone).toBeGreaterThanOrEqual(4 + 23);
    expect(inGroups.length + alone).toBe(30);
  });

  it('end together where one fails for good, each told so', async () => {
    const { execution, calls, tasks, cancelled } = await run('failing', 30, '"fails15 all wait"');
    expect(execution).toMatchObject({ status: 'failed', errorCode: 'BAD', errorTask: '/each[15]/one' });
    expect(tasks.filter(({ status }) => status === 'failed')).toMatchObject([{ path: '/each[15]/one', attempt: 1 }]);
    expect(tasks.filter(({ status }) => status === 'cancelled')).toHaveLength(29);
    // All that had begun, which on a busy machine aren't all of them.
    expect(cancelled).toHaveLength(calls.length - 1);
    expect(calls.length).toBeGreaterThan(4);
  });

  callNothingAgain(run);

  it('are read from the history like others', async () => {
    const { stack } = together;
    const reconciler = stack.reconcile();
    const { id } = await run('again', 40, 'flaky12');
    expect(await reconciler.verify('default', id)).toMatchObject({ state: 'ended', agrees: true });
    const text = `update weft.task_executions set result = '-1' where execution_id = $1 and path = '/each[20]/one'`;
    await ask(stack.superuserUrl, text, [id]);
    const found = await reconciler.verify('default', id);
    expect(found?.differences.map(({ path }) => path)).toEqual(['/each[20]/one']);
  });
});
