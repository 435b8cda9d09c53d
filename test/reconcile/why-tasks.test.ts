import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endExecution } from '../../src/operations/end-execution.ts';
import type { Stack } from './stack.ts';
import { developer } from './stack.ts';
import { createWhyStack } from './why-stack.ts';

describe('why a task does not go on', () => {
  let asking: Awaited<ReturnType<typeof createWhyStack>>;
  let stack: Stack;
  beforeAll(async () => {
    asking = await createWhyStack();
    ({ stack } = asking);
    await stack.work();
  });
  afterAll(() => asking.close());

  it('a running attempt: which, where, until when; without Temporal what the mirror knows of it', async () => {
    const id = await stack.start('works');
    const { wait, answer } = await asking.waiting(id, 'task');
    expect(wait).toMatchObject({ path: '/job', about: { attempt: 1, maxAttempts: 3, timeoutMs: 50_000 } });
    expect(wait.for).toMatch(/^the end of attempt 1 of 3 of gate, at worker \d+@/);
    expect(Date.parse(wait.until) - Date.parse(wait.since)).toBe(50_000);
    expect(answer.waits).toHaveLength(1);
    const away = await asking.whyAway(id);
    expect(away).toMatchObject({
      temporal: 'away',
      waits: [{ path: '/job', kind: 'task', for: wait.for, until: null }],
    });
  });

  it('the next attempt: when, after which error, and how to have it at once', async () => {
    const id = await stack.start('flaky');
    // The mirror hears of the failed attempt first; Temporal, asked just before, may not know of any yet.
    const { wait } = await asking.waiting(id, 'retry', ({ about }) => about.activityId !== undefined);
    expect(wait).toMatchObject({
      ...{ path: '/job', for: 'attempt 2 of 4 of fails, after NO_ACCOUNT: no such account' },
      about: { attempt: 2, maxAttempts: 4, error: { code: 'NO_ACCOUNT', detail: 'no such account' } },
      moves: [{ how: null }, { how: `temporal activity reset --workflow-id ${id} --activity-id /job` }],
    });
    expect(Date.parse(wait.until) - Date.parse(wait.since)).toBeGreaterThan(3_500_000);
    const away = await asking.whyAway(id);
    expect(away.waits).toMatchObject([{ kind: 'retry', for: wait.for, until: expect.any(String) }]);
  });

  it('a task for another queue that nobody polls', async () => {
    const id = await stack.start('elsewhere');
    const { wait } = await asking.waiting(id, 'worker');
    expect(wait).toMatchObject({
      path: '/job',
      for: 'a worker to take attempt 1 of 3 of gate: none polls the task queue nobody-here',
    });
  });

  it('the tasks in the shards of a large foreach, and the shards', async () => {
    const id = await stack.start('shards');
    const answer = await asking.whyWhen(
      id,
      ({ waits }) =>
        waits.some((wait: any) => wait.kind === 'shard') &&
        waits.some((wait: any) => wait.kind === 'task' && wait.about.workflowId?.includes('~~')),
    );
    const task = answer.waits.find(({ kind }: { kind: string }) => kind === 'task');
    expect(task.path).toMatch(/^\/each\[\d+\]\/job$/);
    expect(task.about.workflowId).toBe(`${id}~~each~0000`);
    await endExecution(stack, developer, { id, action: 'terminate', reason: null });
  });
});
