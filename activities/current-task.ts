import { AsyncLocalStorage } from 'node:async_hooks';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Headers } from '@temporalio/common';
import type { TaskHeader } from '../src/contract.ts';
import { TASK_HEADER } from '../src/contract.ts';

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
export function readTaskHeader(headers: Headers): TaskHeader | undefined {
  const payload = headers[TASK_HEADER];
  return payload === undefined ? undefined : defaultPayloadConverter.fromPayload<TaskHeader>(payload);
}
