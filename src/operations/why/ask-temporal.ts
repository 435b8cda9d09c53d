import { workflowIdOf } from '../../ids.ts';
import { Problem } from '../../problem.ts';
import type { PendingWork, Temporal } from '../../temporal/client.ts';
import type { Placed } from './explain-task.ts';

/** What Temporal says of an execution. */
export type Asked = {
  readonly workflowId: string;
  /** Undefined: it doesn't know it. */
  readonly run: PendingWork | undefined;
  /** Open shards of large `foreach`. */
  readonly shards: readonly { readonly id: string; readonly run: PendingWork }[];
  /** Of the execution and its shards. */
  readonly activities: readonly Placed[];
  /** Task queues that no worker polls for activities. */
  readonly abandoned: ReadonlySet<string>;
  /** No worker polls the execution's task queue for workflows. */
  readonly isAlone: boolean;
};

/** As many run at once. */
const MOST_SHARDS = 8;
/** A worker asks every minute at least. */
const GONE_AFTER_MS = 90_000;

/** Undefined when Temporal doesn't answer. */
export async function askTemporal(temporal: Temporal, tenant: string, id: string): Promise<Asked | undefined> {
  try {
    return await ask(temporal, workflowIdOf(tenant, id));
  } catch (error) {
    if (error instanceof Problem && error.code === 'TEMPORAL_UNAVAILABLE') return undefined;
    throw error;
  }
}

async function ask(temporal: Temporal, workflowId: string): Promise<Asked> {
  const run = await temporal.pending(workflowId);
  if (!run?.isOpen) return { workflowId, run, shards: [], activities: [], abandoned: new Set(), isAlone: false };
  const asked = await Promise.all(
    run.children.slice(0, MOST_SHARDS).map(async (shard) => ({ id: shard, run: await temporal.pending(shard) })),
  );
  const shards = asked.flatMap((shard) => (shard.run?.isOpen ? [{ id: shard.id, run: shard.run }] : []));
  const activities = [{ id: workflowId, run }, ...shards].flatMap((one) =>
    one.run.activities.map((activity) => ({ ...activity, workflowId: one.id })),
  );
  const queues = new Set(
    activities.flatMap(({ isRunning, taskQueue }) => (isRunning ? [] : [taskQueue ?? run.taskQueue])),
  );
  const gone = await Promise.all(
    [...queues].map(async (queue) => ((await isPolled(temporal, queue, 'activity')) ? [] : [queue])),
  );
  const isAlone = !(await isPolled(temporal, run.taskQueue, 'workflow'));
  return { workflowId, run, shards, activities, abandoned: new Set(gone.flat()), isAlone };
}

async function isPolled(temporal: Temporal, queue: string, kind: 'workflow' | 'activity'): Promise<boolean> {
  const pollers = await temporal.pollers(queue, kind);
  return pollers.some(({ at }) => Date.now() - at < GONE_AFTER_MS);
}
