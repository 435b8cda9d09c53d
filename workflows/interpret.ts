import type { ErrorInfo, Json, RunInput } from '../src/contract.ts';
import { createEvaluator } from '../src/expression/evaluate.ts';
import { createApprovals, receiveDecisions } from './approvals.ts';
import { createBreath } from './breath.ts';
import type { Host } from './host.ts';
import { createJournal } from './journal.ts';
import { Cancelled, Ended, TaskError } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { createPauseGate } from './pause.ts';
import { checkPayload } from './payload.ts';
import { receivePause } from './receive-pause.ts';
import { runList } from './run-list.ts';
import type { Run } from './run-state.ts';
import { runTask } from './run-task.ts';
import type { Frame } from './scope.ts';
import { resolveIn } from './scope.ts';
import { createSettled } from './settled.ts';
import { runners } from './tasks/index.ts';
import { withTimeout } from './timeout.ts';

/** How an execution ended. */
export type Ending =
  | { readonly status: 'success'; readonly output: Json }
  | { readonly status: 'failed' | 'timeout' | 'cancelled'; readonly error: ErrorInfo };

/** Runs a Plan to its end and tells the mirror; `settled` resumes what another run has done. */
export async function interpret(
  input: RunInput,
  host: Host,
  settled: { readonly [path: string]: Outcome } = {},
): Promise<Ending> {
  const journal = createJournal(input, host.shield(), host.now());
  const approvals = createApprovals(journal);
  const run: Run = {
    input,
    evaluator: createEvaluator({ now: host.now, random: host.random }),
    journal,
    settled: createSettled(settled),
    approvals,
    pause: createPauseGate(),
    breath: createBreath(host.shield()),
  };
  receiveDecisions(approvals, host, journal, input.startedBy);
  receivePause(run, host);
  journal.execution({ status: 'running', endedAt: null, pausedBy: null });
  const ending = await runToEnd(run, host);
  journal.execution({
    status: ending.status,
    endedAt: host.now(),
    pausedBy: null,
    ...(ending.status === 'success' ? { output: ending.output } : { error: ending.error }),
  });
  await journal.handOver();
  return ending;
}

async function runToEnd(run: Run, host: Host): Promise<Ending> {
  try {
    const output = await withTimeout(host, run.input.plan.timeout, (inner) => runPlan(run, inner)).catch(outputOf);
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

async function runPlan(run: Run, host: Host): Promise<Json> {
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
  if (plan.vars !== undefined) Object.assign(frame.vars, resolveIn(run, frame, plan.vars));
  const { output, tasks } = await runList(plan.tasks, frame, (task, inner) => runTask(run, runners, task, inner));
  if (plan.output === undefined) return output;
  while (run.breath.isDue()) await run.breath.rest(host);
  return resolveIn(run, { ...frame, tasks: { ...tasks } }, plan.output);
}
