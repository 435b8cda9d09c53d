import type { Json, RunInput } from '../src/contract.ts';
import type { Shard } from '../src/messages.ts';
import type { TaskOf } from '../src/plan/plan.ts';
import { walk } from '../src/plan/walk.ts';
import { beginRun } from './create-run.ts';
import type { Continued } from './go-on.ts';
import { workUntilDue } from './go-on.ts';
import type { Host } from './host.ts';
import type { IterationState } from './iterations.ts';
import { runIterations } from './iterations.ts';
import { TaskError, thrownOf } from './outcome.ts';
import { runList } from './run-list.ts';
import type { Run } from './run-state.ts';
import { runTask } from './run-task.ts';
import type { Frame } from './scope.ts';
import type { ShardResult } from './shards.ts';
import { runners } from './tasks/index.ts';

/** Runs some iterations of a `foreach` to their end, or until another run should go on, and tells the execution. */
export async function interpretShard(
  input: RunInput,
  root: Host,
): Promise<{ readonly status: 'success'; readonly output: Json } | Continued> {
  const { shard, execution } = input;
  if (!shard) throw new TypeError('There is no shard in the input');
  const { run, host, startedAt } = beginRun(input, root);
  root.hear('pauseShard', ({ pausedBy }) => {
    if (pausedBy === null) run.pause.resume();
    else run.pause.pause(pausedBy);
    run.pause.settle();
  });
  const result = await workUntilDue(run, host, { startedAt, answered: new Map() }, iterate(run, host, shard));
  if ('status' in result) return result;
  await run.journal.handOver();
  // Where the execution is gone nobody waits.
  await root
    .shield()
    .tell(execution.id, 'shardEnded', { id: shard.id, result })
    .catch(() => undefined);
  return { status: 'success', output: null };
}

async function iterate(run: Run, host: Host, shard: Shard): Promise<ShardResult> {
  const { path, first, items, width, allowedFailures } = shard;
  const state = run.settled.open(path) as IterationState;
  const frame: Frame = {
    ...{ host, path, tasks: { ...shard.tasks }, vars: { ...shard.vars }, changes: {}, locals: shard.locals },
    ...{ inLoop: true, counted: { tasks: 0 } },
  };
  const of = {
    ...{ task: taskOf(run, shard), path, items, first, width, allowedFailures },
    runList: (tasks: TaskOf<'foreach'>['tasks'], inner: Frame) =>
      runList(run, tasks, inner, (child, place, at) => runTask(run, runners, child, place, at)),
  };
  let thrown: ShardResult['thrown'] = null;
  try {
    await runIterations(run, frame, of, state);
  } catch (error) {
    thrown = thrownOf(error) ?? { kind: 'failed', error: { code: 'INTERNAL', detail: String(error), task: path } };
  }
  const { outputs = [], last = null, failures = 0, lastFailure = null } = state;
  return { outputs, last, failures, lastFailure, thrown, compensations: run.compensations };
}

function taskOf({ input }: Run, { taskId }: Shard): TaskOf<'foreach'> {
  for (const { task } of walk(input.plan.tasks)) if (task.id === taskId && task.type === 'foreach') return task;
  throw new TaskError('DEFINITION_INVALID', `There is no foreach '${taskId}'`);
}
