import proto from '@temporalio/proto';
import type { Link } from './link.ts';
import { toMs } from './proto-values.ts';

const { TASK_QUEUE_TYPE_WORKFLOW, TASK_QUEUE_TYPE_ACTIVITY } = proto.temporal.api.enums.v1.TaskQueueType;

/** Who asked a task queue for work lately; `at` in ms, Temporal's clock. */
export type Poller = { readonly identity: string; readonly at: number };

const PATIENCE_MS = 3_000;

/**
 * Who asked a task queue for work in the last five minutes; a worker that is there asks every minute at least, unless
 * all its slots are taken.
 * @throws Problem TEMPORAL_UNAVAILABLE
 */
export async function readPollers(
  link: Link,
  queue: string,
  kind: 'workflow' | 'activity',
): Promise<readonly Poller[]> {
  const { pollers } = await link.within(PATIENCE_MS, () =>
    link.service.describeTaskQueue({
      namespace: link.namespace,
      taskQueue: { name: queue },
      taskQueueType: kind === 'workflow' ? TASK_QUEUE_TYPE_WORKFLOW : TASK_QUEUE_TYPE_ACTIVITY,
    }),
  );
  return pollers.map(({ identity, lastAccessTime }) => ({ identity: identity ?? '', at: toMs(lastAccessTime) ?? 0 }));
}
