import type { ErrorInfo, Json } from '../src/contract.ts';
import type { TaskOf } from '../src/plan/plan.ts';
import type { Host } from './host.ts';
import { TaskError } from './outcome.ts';
import type { Broken } from './rethrow.ts';
import { brokenOf, keepBroken } from './rethrow.ts';
import type { ListResult } from './run-list.ts';
import type { Run } from './run-state.ts';
import { runWindow } from './run-window.ts';
import type { Frame } from './scope.ts';
import { branchFrame } from './scope.ts';
import { createSeries } from './series.ts';

/** How far the iterations of a `foreach`, or of a shard of it, are; JSON. */
export type IterationState = Broken & {
  /** All before this one are through. */
  through?: number;
  /** Later ones that are through. */
  ahead?: number[];
  /** By iteration; only what is collected. */
  outputs?: Json[];
  last?: Json;
  failures?: number;
  lastFailure?: ErrorInfo | null;
};

export type Iterations = {
  readonly task: TaskOf<'foreach'>;
  /** Of the task. */
  readonly path: string;
  readonly items: readonly Json[];
  /** Of the first item among all. */
  readonly first: number;
  /** At once. */
  readonly width: number;
  readonly allowedFailures: number;
  readonly runList: (tasks: TaskOf<'foreach'>['tasks'], frame: Frame) => Promise<ListResult>;
};

/** Runs the tasks of a `foreach` once for each item, in a sliding window; what comes of it is in the state. */
export async function runIterations(run: Run, frame: Frame, of: Iterations, state: IterationState): Promise<void> {
  const { task, items, first } = of;
  const count = items.length;
  const outputs = (state.outputs ??= task.collect === 'all' ? new Array<Json>(count).fill(null) : []);
  const ahead = new Set((state.ahead ??= []));
  const placeOf = (index: number): string => `${of.path}[${first + index}]`;
  const series =
    of.width === 1 ? createSeries(run, frame.host, { tasks: task.tasks, count, placeOf, frameOf }) : undefined;
  const left = {
    isThrough: (index: number) => index < (state.through ?? 0) || ahead.has(index),
    isOpen: (index: number) => series?.hasBegun(index) === true || run.settled.hasInside(placeOf(index)),
    isOver: false,
    error: brokenOf(state),
  };

  await runWindow(frame.host, { count, width: of.width, left }, async (index, host) => {
    const place = placeOf(index);
    const settled = run.settled.get(place);
    const output = settled ? settled.output : await iterate(index, host).catch(tolerate);
    if (task.collect === 'all') outputs[index] = output;
    if (index === count - 1) state.last = output;
    pass(index);
    run.settled.forget(place);
  });

  function frameOf(index: number, host: Host): Frame {
    const item = items[index] ?? null;
    const itemIndex = first + index;
    const locals = { ...frame.locals, item, index: itemIndex, ...(task.as === undefined ? {} : { [task.as]: item }) };
    return branchFrame(frame, { host, path: placeOf(index), locals, itemIndex, inLoop: true });
  }

  async function iterate(index: number, host: Host): Promise<Json> {
    if (series) await series.reach(index, host);
    try {
      return (await of.runList(task.tasks, frameOf(index, host))).output;
    } finally {
      series?.leave(index);
    }
  }

  function tolerate(error: unknown): Json {
    if (error instanceof TaskError && state.broken === undefined) {
      state.failures = (state.failures ?? 0) + 1;
      state.lastFailure = error.toInfo();
      if (state.failures <= of.allowedFailures) return { error: state.lastFailure };
    }
    keepBroken(state, error);
    throw error;
  }

  /** Finished ones fold into a number; only those ahead of it are kept one by one. */
  function pass(index: number): void {
    ahead.add(index);
    let through = state.through ?? 0;
    while (ahead.delete(through)) through++;
    state.through = through;
    state.ahead = [...ahead];
  }
}
