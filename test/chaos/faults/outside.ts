import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { decode } from '../../../src/temporal/proto-values.ts';
import type { RunInput } from '../../../src/contract.ts';
import { until } from '../../stack/until.ts';
import type { Fault, Scene } from '../fault.ts';
import type { Accepted } from '../load.ts';
import { programs } from '../programs.ts';

const slow = programs.find(({ name }) => name === 'chaos-slow')!;
const flaky = programs.find(({ name }) => name === 'chaos-flaky')!;

/** What people do past Weft, in the Temporal UI or with its command line; and callers who repeat themselves. */
export const outsideFaults: readonly Fault[] = [
  {
    kind: 'terminated from outside',
    strike: (scene) =>
      treat(scene, async (one) => {
        one.touches.add('terminated');
        await scene.lab.temporal.workflow.getHandle(one.id).terminate('by chaos');
      }),
  },
  {
    kind: 'cancelled from outside',
    strike: (scene) =>
      treat(scene, async (one) => {
        one.touches.add('cancelled');
        await scene.lab.temporal.workflow.getHandle(one.id).cancel();
      }),
  },
  { kind: 'run timeout', strike: startWithTimeout },
  {
    kind: 'reset from outside',
    strike: (scene) => treat(scene, (one) => resetTo(scene, one)),
  },
  {
    kind: 'start sent three times at once',
    strike: async ({ load, random }) => {
      const starts = Array.from({ length: 5 }, () => load.startOne(random.pick(programs), 3));
      await Promise.all(starts);
      return '5 starts';
    },
  },
  {
    kind: 'activity reset',
    strike: async (scene) => {
      const { one, activityId } = await pendingActivity(scene);
      await scene.lab.temporal.workflowService.resetActivity({ ...target(scene, one), id: activityId });
      return activityId;
    },
  },
  {
    kind: 'activity paused',
    strike: async (scene) => {
      const { one, activityId } = await pendingActivity(scene);
      const { workflowService } = scene.lab.temporal;
      await workflowService.pauseActivity({ ...target(scene, one), id: activityId });
      await sleep(scene.random.between(1_000, 4_000));
      // It may have ended meanwhile: an attempt under way is not broken off.
      const unpaused = workflowService.unpauseActivity({ ...target(scene, one), id: activityId });
      return `${activityId}${await unpaused.then(
        () => '',
        () => ', which ended',
      )}`;
    },
  },
];

/** Starts a few and does something to each, early or late. */
async function treat({ load, random }: Scene, treatment: (one: Accepted) => Promise<unknown>): Promise<string> {
  const some = await Promise.all(Array.from({ length: 4 }, () => load.startOne(random.pick(programs))));
  let late = 0;
  for (const one of some) {
    await sleep(random.between(0, 900));
    await treatment(one).catch(() => late++);
  }
  return `${some.length - late} of ${some.length} before their end`;
}

function target({ lab }: Scene, { id }: Accepted) {
  return { namespace: lab.servers.temporal.namespace, execution: { workflowId: id }, identity: 'chaos' };
}

/** A call that is under way. */
async function pendingActivity({ lab, load, random }: Scene): Promise<{ one: Accepted; activityId: string }> {
  const one = await load.startOne(random.pick([slow, flaky]));
  const activityId = await until(`${one.id} makes a call`, async () => {
    const described = await lab.temporal.workflow
      .getHandle(one.id)
      .describe()
      .catch(() => undefined);
    return described?.raw.pendingActivities?.find(({ activityId }) => activityId?.startsWith('/'))?.activityId ?? false;
  });
  one.touches.add('delayed');
  return { one, activityId };
}

/** Lets it begin anew after a workflow task, as the Temporal UI offers it: of one that runs, or has ended. */
async function resetTo({ lab, random }: Scene, one: Accepted): Promise<void> {
  one.touches.add('reset');
  const handle = lab.temporal.workflow.getHandle(one.id);
  const [{ runId }, { events }] = await Promise.all([handle.describe(), handle.fetchHistory()]);
  const points = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
  if (points.length === 0) throw new Error('it has not begun');
  await lab.temporal.workflowService.resetWorkflowExecution({
    namespace: lab.servers.temporal.namespace,
    workflowExecution: { workflowId: one.id, runId },
    reason: 'by chaos',
    requestId: randomUUID(),
    workflowTaskFinishEventId: random.pick(points).eventId!,
  });
}

/**
 * An execution that Temporal gives 2 s: somebody starts it in the API's stead, whose own start, while it has no way to
 * Temporal, was accepted and comes too late.
 */
async function startWithTimeout({ lab, load }: Scene): Promise<string> {
  const model = [...load.accepted.values()].find(({ program }) => program === slow) ?? (await load.startOne(slow));
  const history = await until('there is an execution to copy', () =>
    lab.temporal.workflow
      .getHandle(model.id)
      .fetchHistory()
      .catch(() => undefined),
  );
  const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
  const input = decode(started?.input?.payloads?.[0]) as unknown as RunInput;
  await lab.api.temporal.away();
  try {
    const one = await load.startOne(slow);
    one.touches.add('timed out');
    const { rows } = await lab.database.query('select created_at, input from weft.workflow_executions where id = $1', [
      one.id,
    ]);
    const createdAt = (rows[0].created_at as Date).toISOString();
    const execution = { ...input.execution, id: one.id, rootId: one.id, createdAt };
    await lab.temporal.workflow.start(slow.name, {
      workflowId: one.id,
      taskQueue: lab.taskQueue,
      args: [{ ...input, execution, input: rows[0].input }],
      workflowRunTimeout: '2s',
      memo: { title: slow.name, acceptedAt: createdAt },
    });
    return one.id;
  } finally {
    await lab.api.temporal.back();
  }
}
