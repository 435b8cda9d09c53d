import type { Context, Info } from '@temporalio/activity';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Headers } from '@temporalio/common';
import type { TaskHeader } from '../src/contract.ts';
import { headerIn } from '../src/task-header.ts';

/** By the context of an attempt: another store that follows each promise would cost what the SDK's own costs. */
const tasks = new WeakMap<Context, TaskHeader>();

/** This attempt is one of this task. */
export function setTask(attempt: Context, header: TaskHeader): void {
  tasks.set(attempt, header);
}

/** The task an attempt is of; undefined in an activity that no interpreter called. */
export function taskOf(attempt: Context): TaskHeader | undefined {
  return tasks.get(attempt);
}

/** The task a call's headers name; undefined when somebody else's workflow made the call. */
export function readTaskHeader(
  headers: Headers,
  { workflowExecution, activityType, activityId, isLocal }: Info,
): TaskHeader | undefined {
  const read = (name: string): unknown => {
    const payload = headers[name];
    return payload && defaultPayloadConverter.fromPayload(payload);
  };
  const workflowId = workflowExecution?.workflowId ?? '';
  return headerIn(read, { workflowId, activityType, activityId: isLocal ? undefined : activityId });
}
