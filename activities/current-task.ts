import { AsyncLocalStorage } from 'node:async_hooks';
import type { Info } from '@temporalio/activity';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Headers } from '@temporalio/common';
import type { TaskHeader } from '../src/contract.ts';
import { headerIn } from '../src/task-header.ts';

const running = new AsyncLocalStorage<TaskHeader>();

/** Runs `work` as an attempt of this task. */
export function runAsTask<T>(header: TaskHeader, work: () => T): T {
  return running.run(header, work);
}

/** The task this attempt is of; undefined in an activity that no interpreter called. */
export function currentTask(): TaskHeader | undefined {
  return running.getStore();
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
