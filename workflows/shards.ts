import type { ErrorInfo, Json } from '../src/contract.ts';
import type { Shard } from '../src/messages.ts';
import { shardIdOf } from '../src/ids.ts';
import type { PlanTask, TaskType } from '../src/plan/plan.ts';
import { walk } from '../src/plan/walk.ts';
import { PER_TASK } from './breath.ts';
import type { Compensation } from './compensate.ts';
import type { Host } from './host.ts';
import type { Iterations, IterationState } from './iterations.ts';
import type { Thrown } from './outcome.ts';
import { Cancelled, errorOf, TaskError } from './outcome.ts';
import { passGates } from './pass-gates.ts';
import { brokenOf, keepBroken } from './rethrow.ts';
import type { Run } from './run-state.ts';
import { isExecutorTask } from './runner.ts';
import { runWindow } from './run-window.ts';
import type { Frame } from './scope.ts';

/** One workflow's lock allows some 135 normal activities a second, whatever the window: from here on more of them pay. */
const MANY = 5_000;
const ITEMS_PER_SHARD = 500;
/** At once; each gets its part of the window. */
const MOST_SHARDS = 8;
const WIDTH_WORTH_A_SHARD = 25;
/** What is addressed by the execution's id is not heard in a shard. */
const ADDRESSED: ReadonlySet<TaskType> = new Set(['approval', 'event', 'sub_workflow']);

/** What a shard tells at its end; JSON. */
export type ShardResult = {
  readonly outputs: readonly Json[];
  readonly last: Json;
  readonly failures: number;
  readonly lastFailure: ErrorInfo | null;
  readonly thrown: Thrown | null;
  readonly compensations: readonly Compensation[];
};

type State = IterationState & {
  /** Ids of those that were started and have not ended. */
  shards?: string[];
};

export function isCutInShards(run: Run, { task, items }: Iterations): boolean {
  if (items.length <= MANY || run.input.shard !== undefined) return false;
  const tasks = [...walk(task.tasks)].map((inside) => inside.task);
  return tasks.some((inside) => isNormal(run, inside)) && !tasks.some(({ type }) => ADDRESSED.has(type));
}

/** What is local needs no shards: it is as fast in one workflow. */
function isNormal({ input }: Run, task: PlanTask): boolean {
  return isExecutorTask(task) && !(task.local && input.localActivities);
}

/** Runs the iterations in workflows of their own, some hundred in each; what comes of it is in the state. */
export async function runShards(run: Run, frame: Frame, of: Iterations, state: State): Promise<void> {
  const { task, path, items, width, allowedFailures } = of;
  const count = Math.ceil(items.length / ITEMS_PER_SHARD);
  const atOnce = Math.max(1, Math.min(MOST_SHARDS, Math.floor(width / WIDTH_WORTH_A_SHARD)));
  const outputs = (state.outputs ??= task.collect === 'all' ? new Array<Json>(items.length).fill(null) : []);
  const through = new Set((state.ahead ??= []));
  const started = new Set((state.shards ??= []));
  const idOf = (index: number): string => shardIdOf(run.input.execution.id, path, index);
  const left = {
    isThrough: (index: number) => through.has(index),
    isOpen: (index: number) => started.has(idOf(index)),
    isOver: false,
    error: brokenOf(state),
  };

  await runWindow(frame.host, { count, width: atOnce, left }, async (index, host) => {
    const first = index * ITEMS_PER_SHARD;
    const shard: Shard = {
      ...{ id: idOf(index), path, taskId: task.id, first, allowedFailures },
      ...{ vars: frame.vars, tasks: frame.tasks, locals: frame.locals },
      items: items.slice(first, first + ITEMS_PER_SHARD),
      width: Math.max(1, Math.floor(width / atOnce)),
    };
    const result = await runShard(run, host, shard, { isStarted: () => started.has(shard.id), keep }).catch(
      (error: unknown) => {
        keepBroken(state, error);
        throw error;
      },
    );
    take(index, first, result);
  });

  function keep(id: string, isOpen: boolean): void {
    if (isOpen) started.add(id);
    else started.delete(id);
    state.shards = [...started];
  }

  function take(index: number, first: number, result: ShardResult): void {
    run.compensations.push(...result.compensations);
    through.add(index);
    state.ahead = [...through];
    keep(idOf(index), false);
    for (const [i, output] of result.outputs.entries()) outputs[first + i] = output;
    if (index === count - 1) state.last = result.last;
    state.failures = (state.failures ?? 0) + result.failures;
    state.lastFailure = result.lastFailure ?? state.lastFailure ?? null;
    const tooMany = state.failures > allowedFailures && state.lastFailure ? TaskError.of(state.lastFailure) : undefined;
    const error = result.thrown ? errorOf(result.thrown) : tooMany;
    if (!error) return;
    keepBroken(state, error);
    throw error;
  }
}

/** Whether a shard was started, which a run that goes on has to know. */
type Record = { readonly isStarted: () => boolean; readonly keep: (id: string, isOpen: boolean) => void };

/** Starts a shard, or finds the one that a run before this has started, and waits for its end. */
async function runShard(run: Run, host: Host, shard: Shard, record: Record): Promise<ShardResult> {
  const { id } = shard;
  const listening = { stop: (): void => undefined };
  const ended = new Promise<Json>((resolve) => (listening.stop = run.shards.listen(id, resolve)));
  try {
    const { lost } = await begin(run, host, shard, record);
    lost.catch(() => undefined);
    run.openShards.add(id);
    try {
      return (await Promise.race([ended, lost, host.cancelled])) as ShardResult;
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error;
      await host
        .shield()
        .cancelShard(id)
        .catch(() => undefined);
      return (await Promise.race([ended, lost])) as ShardResult;
    }
  } finally {
    run.openShards.delete(id);
    listening.stop();
  }
}

/** The promise rejects when the shard has ended without a word. */
async function begin(
  run: Run,
  host: Host,
  shard: Shard,
  { isStarted, keep }: Record,
): Promise<{ readonly lost: Promise<never> }> {
  const { id } = shard;
  const lost = new TaskError('LOST', `The shard ${id} was ended from outside`);
  const never = new Promise<never>(() => undefined);
  const tellPause = () => host.shield().tell(id, 'pauseShard', { pausedBy: run.pause.pausedBy() });
  const throwLost = (): never => {
    throw lost;
  };
  if (isStarted()) {
    // What can't be told to it is told to nobody; its own word was sent before it ended.
    return { lost: tellPause().then(() => never, throwLost) };
  }
  await passGates(run, host);
  run.breath.spend(PER_TASK);
  run.turnover.enter();
  try {
    const { engineVersion, tenant, execution, startedBy, plan, input, localActivities } = run.input;
    const shared = { engineVersion, tenant, execution, startedBy, plan, input, localActivities };
    const { closed } = await host.shield().startShard({ ...shared, shard }, id);
    keep(id, true);
    // Paused while it started: it began like the execution that let it start, at work.
    if (run.pause.pausedBy() !== null) void tellPause().catch(() => undefined);
    return { lost: closed.then(throwLost) };
  } finally {
    run.turnover.leave();
  }
}
