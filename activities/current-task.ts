import { AsyncLocalStorage } from 'node:async_hooks';
import type { Info } from '@temporalio/activity';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Headers } from '@temporalio/common';
import type { TaskHeader } from '../src/contract.ts';
import { TASK_HEADER } from '../src/contract.ts';
import type { PackedHeader } from '../src/task-header.ts';
import { unpackHeader } from '../src/task-header.ts';

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
  const payload = headers[TASK_HEADER];
  if (payload === undefined) return undefined;
  const packed = defaultPayloadConverter.fromPayload<PackedHeader>(payload);
  const workflowId = workflowExecution?.workflowId ?? '';
  return unpackHeader(packed, { workflowId, activityType, activityId: isLocal ? undefined : activityId });
}
