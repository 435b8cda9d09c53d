import type { ExecutionDetail } from '../../mirror/read-executions.ts';
import type { Waits } from '../../mirror/read-waits.ts';
import type { PendingWork } from '../../temporal/client.ts';
import type { Asked } from './ask-temporal.ts';
import { startWorker } from './explain-task.ts';
import { byItself, temporalCli, weft } from './move.ts';
import { isoOf } from './wait.ts';
import type { Wait } from './wait.ts';

/** What holds up an execution as a whole: a pause, orders, workers that are not there, a workflow task that fails. */
export function explainRun(
  execution: Pick<ExecutionDetail, 'id' | 'status' | 'pausedBy'>,
  { orders, paused }: Pick<Waits, 'orders' | 'paused'>,
  asked: Asked | undefined,
  namespace: string,
): readonly Wait[] {
  const { id } = execution;
  const waits: Wait[] = orders.map(({ action, by, at }) => ({
    ...NOTHING,
    kind: 'order',
    since: isoOf(at),
    for: `the order to ${action} it, given by ${by}, to be passed on to Temporal`,
    about: { action, by },
    moves: [byItself('it is passed on as soon as Temporal answers')],
  }));
  if (execution.status === 'paused') {
    const by = paused?.by ?? execution.pausedBy ?? 'somebody';
    const reason = paused?.reason ?? null;
    waits.push({
      ...NOTHING,
      kind: 'pause',
      since: isoOf(paused?.at),
      for: `somebody to resume it: ${by} paused it${reason === null ? '' : ` (${reason})`}`,
      about: { pausedBy: by, reason },
      moves: [weft('let it go on', ['resume', id], { method: 'POST', path: ['executions', id, 'resume'] })],
    });
  }
  if (!asked?.run) return waits;
  const { run, workflowId, shards, isAlone } = asked;
  const { taskQueue, workflowTask } = run;
  const since = workflowTask?.since ?? null;
  const isUntaken = workflowTask !== null && !workflowTask.isRunning && workflowTask.failure === null;
  if (isAlone || (isUntaken && since !== null && Date.now() - since > SOON_MS)) {
    waits.push({
      ...NOTHING,
      kind: 'worker',
      since: isoOf(since),
      for: isAlone ? `a worker: none polls the task queue ${taskQueue}` : 'a worker to take its next step',
      about: { taskQueue },
      moves: [isAlone ? startWorker(taskQueue) : byItself('a worker of its task queue with a free slot')],
    });
  }
  for (const one of [{ id: workflowId, run }, ...shards]) waits.push(...held(id, one, namespace));
  return waits;
}

/** A step that was due just now is about to be taken, ms. */
const SOON_MS = 3_000;
const NOTHING = { path: null, since: null, until: null } as const;

/** A workflow that an operator paused, or whose task fails. */
function held(
  execution: string,
  { id, run }: { readonly id: string; readonly run: PendingWork },
  namespace: string,
): readonly Wait[] {
  const waits: Wait[] = [];
  const { pause, workflowTask } = run;
  if (pause) {
    const { by, reason, at } = pause;
    waits.push({
      ...NOTHING,
      kind: 'operator',
      since: isoOf(at),
      for: `an operator of Temporal to let it go on: paused by an operator of Temporal, ${by}${reason === '' ? '' : ` (${reason})`}`,
      about: { workflowId: id, pausedBy: by, reason },
      moves: [temporalCli('let it go on', namespace, ['workflow', 'unpause', '--workflow-id', id])],
    });
  }
  if (workflowTask?.failure != null) {
    const { attempt, failure, since } = workflowTask;
    const isOtherCode = /nondeterminis|TMPRL1100/i.test(failure);
    waits.push({
      ...NOTHING,
      kind: 'workflow',
      since: isoOf(since),
      for: `its workflow task, which fails again and again (attempt ${attempt}): ${failure}`,
      about: { workflowId: id, attempt, failure, isNondeterminism: isOtherCode },
      moves: [
        isOtherCode
          ? weft('bring back workers of the build it began on: which there are', ['deployments', 'list'])
          : byItself('a worker that can do it: its log says what went wrong, the task is tried again by itself'),
        weft('end it at once', ['terminate', execution], {
          method: 'POST',
          path: ['executions', execution, 'terminate'],
        }),
      ],
    });
  }
  return waits;
}
