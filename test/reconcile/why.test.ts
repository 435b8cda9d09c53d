import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endExecution } from '../../src/operations/end-execution.ts';
import { pauseExecution } from '../../src/operations/pause-execution.ts';
import type { Stack } from './stack.ts';
import { developer, manager } from './stack.ts';
import { createWhyStack } from './why-stack.ts';

describe('why', () => {
  let asking: Awaited<ReturnType<typeof createWhyStack>>;
  let stack: Stack;
  beforeAll(async () => {
    asking = await createWhyStack();
    ({ stack } = asking);
  });
  afterAll(() => asking.close());

  describe('without a worker', () => {
    it('names the task queue that none polls', async () => {
      const id = await stack.start('naps');
      const answer = await asking.why(id);
      expect(answer).toMatchObject({
        ...{ id, status: 'pending', temporal: 'asked' },
        summary: `Waits for a worker: none polls the task queue ${stack.taskQueue}.`,
        waits: [{ path: null, kind: 'worker', since: expect.any(String), about: { taskQueue: stack.taskQueue } }],
        moves: [{ what: 'cancel it', how: `weft cancel ${id}`, http: `POST /api/v1/executions/${id}/cancel` }],
      });
    });

    it('says when one starts that is to start later', async () => {
      const id = await stack.start('naps', { delay: 3_600_000 });
      const { startAfter } = await stack.read(id);
      const at = startAfter!.toISOString();
      expect(await asking.why(id)).toMatchObject({
        status: 'pending',
        summary: `Waits for its time to start, ${at}.`,
        waits: [{ kind: 'start', until: at }],
      });
    });

    it('says that Temporal is away, and answers from the mirror', async () => {
      await stack.proxy.away();
      try {
        const id = await stack.start('naps');
        expect(await asking.why(id)).toMatchObject({
          ...{ status: 'pending', temporal: 'away', summary: 'Waits for Temporal, which does not answer.' },
          waits: [{ kind: 'start' }],
        });
        await endExecution(stack, developer, { id, action: 'cancel', reason: null });
        expect((await asking.why(id)).summary).toMatch(/^It ended with cancelled at .*: CANCELLED: /);
      } finally {
        await stack.proxy.back();
      }
    });

    it('knows nobody', async () => {
      expect(await asking.read('/executions/nobody/why')).toMatchObject({ status: 404 });
    });
  });

  describe('with a worker', () => {
    beforeAll(() => stack.work());

    it('an approval: who may decide, votes so far, the deadline and what it does', async () => {
      const id = await stack.start('asks');
      const { wait, answer } = await asking.waiting(id, 'approval');
      const { deadline } = (await asking.read(`/approvals/${id}~ask`)).body;
      expect(answer.waits).toHaveLength(1);
      expect(wait).toEqual({
        ...{ path: '/ask', kind: 'approval', since: expect.any(String), until: deadline },
        for: `a decision on 'May I' by boss, manager, not by developer who started it: 0 of 2 votes; until ${deadline}, then it counts as rejected`,
        about: {
          ...{
            approval: `${id}~ask`,
            title: 'May I',
            assignees: ['boss', 'manager'],
            candidateGroups: [],
            claimedBy: null,
          },
          ...{
            selfApproval: false,
            startedBy: 'developer',
            quorum: 2,
            quorumKind: 'count',
            votes: [],
            onTimeout: 'reject',
          },
          hasForm: true,
        },
        moves: [
          {
            what: "approve it, with the form's data",
            how: `weft approve ${id}~ask --data '{}'`,
            http: `POST /api/v1/approvals/${id}~ask/decision {"decision":"approve","data":{}}`,
          },
          {
            what: 'reject it',
            how: `weft reject ${id}~ask`,
            http: `POST /api/v1/approvals/${id}~ask/decision {"decision":"reject"}`,
          },
        ],
      });
      expect(answer.summary).toBe(`Waits for ${wait.for}.`);
    });

    it('an event: its name, its key, how many came, how to send it', async () => {
      const id = await stack.start('listens');
      await asking.waiting(id, 'event');
      await stack.rows(`update event_waits set taken = 1 where execution_id = '${id}'`);
      const { wait } = await asking.waiting(id, 'event');
      expect(wait).toMatchObject({
        ...{ path: '/paid', until: expect.any(String), about: { name: 'order.paid', key: 'o 1', count: 3, taken: 1 } },
        for: "3 events 'order.paid' with key 'o 1': 1 of 3 came",
        moves: [
          {
            how: "weft events send order.paid --key 'o 1' --data '{}'",
            http: 'POST /api/v1/events {"name":"order.paid","key":"o 1","data":{}}',
          },
        ],
      });
    });

    it('a timer, a child, and a pause before them', async () => {
      const id = await stack.start('parent');
      const isChild = ({ kind, about }: any) => kind === 'execution' && about.status === 'running';
      const wait = (await asking.whyWhen(id, ({ waits }) => waits.some(isChild))).waits.find(isChild);
      const child = wait.about.execution as string;
      expect(wait).toMatchObject({ path: '/child', for: `the execution ${child}, which is running` });
      expect(wait.moves).toMatchObject([{ how: `weft why ${child}` }]);
      const { wait: timer } = await asking.waiting(child, 'timer');
      expect(timer).toMatchObject({ path: '/nap', for: `the time, until ${timer.until}` });
      expect(Date.parse(timer.until) - Date.parse(timer.since)).toBe(3_600_000);

      await pauseExecution(stack, manager, { id, action: 'pause', reason: 'lunch' });
      const { answer } = await asking.waiting(id, 'pause');
      expect(answer).toMatchObject({
        ...{ status: 'paused', summary: 'Waits for somebody to resume it: manager paused it (lunch) and 1 more.' },
        waits: [
          { kind: 'pause', since: expect.any(String), moves: [{ how: `weft resume ${id}` }] },
          { kind: 'execution', path: '/child' },
        ],
      });
    });

    it('an order that Temporal has not got', async () => {
      const id = await stack.start('naps');
      await asking.waiting(id, 'timer');
      await stack.proxy.away();
      try {
        await endExecution(stack, manager, { id, action: 'cancel', reason: null });
        expect((await asking.why(id)).waits).toMatchObject([
          { kind: 'order', for: 'the order to cancel it, given by manager, to be passed on to Temporal' },
          { kind: 'timer', path: '/nap' },
        ]);
      } finally {
        await stack.proxy.back();
      }
      await asking.whyWhen(id, ({ status }) => status === 'cancelled');
    });

    it('one that ended: how, where, and what comes next', async () => {
      const id = await stack.start('fails', { correlationId: "c'1", input: { n: 1 } });
      await stack.until(id, ({ endedAt }) => endedAt !== null);
      const answer = await asking.why(id);
      expect(answer).toMatchObject({
        ...{ status: 'failed', waits: [], temporal: 'asked' },
        moves: [
          { how: `weft show ${id}` },
          { http: 'GET /docs/problems#NO_ACCOUNT' },
          { how: `weft run fails --version 1 --input '{"n":1}' --correlation-id 'c'\\''1'` },
        ],
      });
      expect(answer.summary).toMatch(
        /^It ended with failed at .*: NO_ACCOUNT at \/job \(attempt 1\): no such account$/,
      );
    });

    it('one that Temporal has ended before the mirror', async () => {
      const id = await stack.start('naps');
      await asking.waiting(id, 'timer');
      await stack.outside.getHandle(id).terminate('by hand');
      const answer = await asking.why(id);
      expect([answer.summary, answer.waits[0]?.kind]).toEqual([
        'Waits for its end, which Temporal knows, to be mirrored.',
        'workflow',
      ]);
      await asking.read(`/executions/${id}?consistency=strong`);
      expect((await asking.why(id)).summary).toMatch(/TERMINATED: by hand$/);
    });
  });
});
