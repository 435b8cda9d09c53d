import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { LOCAL_GROUP, LOCAL_SERIES } from '../src/messages.ts';
import type { Writer } from '../src/mirror/writer.ts';
import { createBegunAttempts } from './begun-attempts.ts';
import type { Executor } from './define-executor.ts';
import { createLocalGroup } from './local-group.ts';
import { createLocalSeries } from './local-series.ts';
import { createRecorder, recordAttempts } from './record-attempts.ts';
import { createActivity } from './run-executor.ts';

/** What a worker needs for tasks: an activity for each executor, those for groups and series of them, and the interceptor around them. */
export function createTaskActivities(
  executors: readonly Executor[],
  writer: Pick<Writer, 'record'>,
  worker: string,
): {
  readonly activities: { readonly [name: string]: (input: never) => Promise<unknown> };
  readonly interceptor: ActivityInterceptorsFactory;
} {
  const record = createRecorder(writer, worker);
  const begun = createBegunAttempts();
  const activities = Object.fromEntries(executors.map((executor) => [executor.name, createActivity(executor, writer)]));
  const parts = { activities, record, begun };
  return {
    activities: {
      ...activities,
      [LOCAL_GROUP]: createLocalGroup(parts),
      [LOCAL_SERIES]: createLocalSeries(parts),
    },
    interceptor: recordAttempts(record, begun),
  };
}
