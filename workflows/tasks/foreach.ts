import type { Json } from '../../src/contract.ts';
import type { TaskOf } from '../../src/plan/plan.ts';
import type { Runner, TaskContext } from '../runner.ts';
import type { IterationState } from '../iterations.ts';
import { runIterations } from '../iterations.ts';
import { TaskError } from '../outcome.ts';
import { resolveIn } from '../scope.ts';
import { isCutInShards, runShards } from '../shards.ts';

/** Items a `foreach` may have: what an expression for `items` may give. */
const MAX_ITEMS = 100_000;

/** Its tasks once for every item; results stand in the order of the items. Very many are cut into shards. */
export const foreach: Runner<'foreach'> = async (context) => {
  const { run, task, path, frame, runList, showInput } = context;
  const items = itemsOf(context);
  showInput({ count: items.length });
  const allowedFailures = allowedOf(task.tolerate, items.length);
  const state = context.state as IterationState;
  const iterations = { task, path, items, first: 0, width: task.maxConcurrency, allowedFailures, runList };
  if (isCutInShards(run, iterations)) await runShards(run, frame, iterations, state);
  else await runIterations(run, frame, iterations, state);
  if (task.collect === 'all') return state.outputs ?? [];
  return task.collect === 'last' ? (state.last ?? null) : null;
};

/** They are not carried but evaluated again, so time and chance in them must be as they were. */
function itemsOf({ run, task, path, frame, startedAt }: TaskContext<'foreach'>): readonly Json[] {
  const options = { sequenceLimit: MAX_ITEMS, frozen: { path, at: startedAt } };
  const items = resolveIn(run, frame, task.items, options);
  if (!Array.isArray(items)) throw new TaskError('EXPRESSION_ERROR', `'items' must be a list, it is ${nameOf(items)}`);
  if (items.length > MAX_ITEMS)
    throw new TaskError('EXPRESSION_LIMIT', `${items.length} items are over the limit of ${MAX_ITEMS}`);
  return task.batch === undefined ? (items as readonly Json[]) : batchesOf(items as readonly Json[], task.batch);
}

function allowedOf(tolerate: TaskOf<'foreach'>['tolerate'], count: number): number {
  if (tolerate === undefined) return 0;
  return 'failures' in tolerate ? tolerate.failures : Math.floor((count * tolerate.percent) / 100);
}

function batchesOf(items: readonly Json[], size: number): readonly Json[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

function nameOf(value: Json): string {
  return value === null ? 'nothing' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
