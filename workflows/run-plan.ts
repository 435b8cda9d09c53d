import type { ErrorInfo, Json } from '../src/contract.ts';
import { compensate, notTakenBack } from './compensate.ts';
import type { Host } from './host.ts';
import { Cancelled, Ended, TaskError } from './outcome.ts';
import { checkPayload } from './payload.ts';
import { runList } from './run-list.ts';
import type { Run } from './run-state.ts';
import { runTask } from './run-task.ts';
import type { Frame } from './scope.ts';
import { resolveIn } from './scope.ts';
import { runners } from './tasks/index.ts';
import type { Limit } from './timeout.ts';
import { withTimeout } from './timeout.ts';

/** How an execution ended. */
export type Ending =
  | { readonly status: 'success'; readonly output: Json }
  | { readonly status: 'failed' | 'timeout' | 'cancelled'; readonly error: ErrorInfo };

/** What is known of the execution itself: how its tasks ended, while what they did is taken back. */
type State = { ending?: Ending; notTakenBack?: ErrorInfo; limit?: Limit };

/** Runs the tasks; where they don't succeed, takes back what was done. */
export async function runToEnd(run: Run, host: Host, startedAt: number): Promise<Ending> {
  const state = run.settled.open('') as State;
  const ending = (state.ending ??= await runTasks(run, host, (state.limit ??= { startedAt })));
  if (ending.status === 'success') return ending;
  await compensate(run, host.shield(), '', state);
  if (!state.notTakenBack) return ending;
  return { status: ending.status, error: notTakenBack(state.notTakenBack, ending.error).toInfo() };
}

async function runTasks(run: Run, host: Host, limit: Limit): Promise<Ending> {
  try {
    const output = await withTimeout(host, run.input.plan.timeout, limit, (inner) =>
      runPlan(run, inner, limit.startedAt),
    ).catch(outputOf);
    checkPayload(output, 'The output');
    return { status: 'success', output };
  } catch (error) {
    if (error instanceof Cancelled)
      return { status: 'cancelled', error: { code: 'CANCELLED', detail: 'Cancelled on request' } };
    if (!(error instanceof TaskError)) return { status: 'failed', error: { code: 'INTERNAL', detail: String(error) } };
    // A task's own timeout fails the execution; only the execution's timeout (no task named) is its timeout.
    const status = error.code === 'TIMEOUT' && error.task === undefined ? 'timeout' : 'failed';
    return { status, error: error.toInfo() };
  }
}

/** What `end` ended it with. */
function outputOf(error: unknown): Json {
  if (error instanceof Ended) return error.output;
  throw error;
}

async function runPlan(run: Run, host: Host, startedAt: number): Promise<Json> {
  const { plan } = run.input;
  const frame: Frame = {
    host,
    path: '',
    tasks: {},
    vars: {},
    changes: {},
    locals: {},
    inLoop: false,
    counted: { tasks: 0 },
  };
  if (plan.vars !== undefined)
    Object.assign(frame.vars, resolveIn(run, frame, plan.vars, { frozen: { path: '', at: startedAt } }));
  const { output, tasks } = await runList(run, plan.tasks, frame, (task, inner, path) =>
    runTask(run, runners, task, inner, path),
  );
  if (plan.output === undefined) return output;
  while (run.breath.isDueToEvaluate()) await run.breath.rest(host);
  return resolveIn(run, { ...frame, tasks: { ...tasks } }, plan.output);
}
