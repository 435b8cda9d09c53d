import type { TaskHeader } from '../../src/contract.ts';
import type { LocalCall } from '../host.ts';
import type { Runner } from '../runner.ts';
import { checkPayload } from '../payload.ts';
import { resolveIn } from '../scope.ts';
import { shorten } from '../shorten.ts';

/** Bytes Temporal allows: a summary 200, an activity id 1,000. */
const MAX_SUMMARY = 200;
const MAX_ACTIVITY_ID = 900;

/** Calls an activity: local where the Plan says it is safe, normal otherwise. */
export const executor: Runner<'executor'> = async ({ run, task, path, identity, startedAt, frame, showInput }) => {
  const input = resolveIn(run, frame, task.with);
  checkPayload(input, 'The input');
  showInput(input);
  const { execution, tenant, localActivities } = run.input;
  const header: TaskHeader = {
    tenant,
    executionId: execution.id,
    executionCreatedAt: execution.createdAt,
    task: identity,
    maxAttempts: task.retry.maxAttempts || null,
    startedAt,
    idempotencyKey: `${execution.rootId}${path}`,
  };
  const isLocal = task.local && localActivities && task.retry.maxAttempts > 0;
  const call: LocalCall = {
    name: task.executor,
    input,
    header,
    // A local activity's marker keeps nothing else that says which task it was.
    summary: shorten(isLocal ? path : (identity.title ?? path), MAX_SUMMARY),
    timeout: task.timeout,
    retry: task.retry,
  };
  if (isLocal) return await frame.host.callLocal(call);
  return await frame.host.call({
    ...call,
    id: shorten(path, MAX_ACTIVITY_ID),
    ...(task.taskQueue === undefined ? {} : { taskQueue: task.taskQueue }),
    ...(task.heartbeatTimeout === undefined ? {} : { heartbeatTimeout: task.heartbeatTimeout }),
  });
};
