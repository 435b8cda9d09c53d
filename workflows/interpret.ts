import type { ErrorInfo, Json, RunInput } from '../src/contract.ts';
import type { Answered } from './approvals.ts';
import { receiveDecisions } from './approvals.ts';
import { beginRun } from './create-run.ts';
import type { Continued } from './go-on.ts';
import { workUntilDue } from './go-on.ts';
import type { Host } from './host.ts';
import type { Outcome } from './outcome.ts';
import { receivePause } from './receive-pause.ts';
import type { Ending } from './run-plan.ts';
import { runToEnd } from './run-plan.ts';
import type { Run } from './run-state.ts';

/** Runs a Plan to its end, or until another run should go on, and tells the mirror; `settled` resumes what another execution has done. */
export async function interpret(
  input: RunInput,
  root: Host,
  settled?: { readonly [path: string]: Outcome },
): Promise<Ending | Continued> {
  const { run, host, startedAt, before } = beginRun(input, root, settled);
  const answered: Answered = new Map(before?.answered);
  receiveDecisions(run, root, answered);
  const end = { isTold: false };
  receivePause(run, root, () => end.isTold);
  receiveSignals(run, root);
  run.journal.execution({ status: run.pause.status(), endedAt: null, pausedBy: run.pause.pausedBy() });
  const ending = await workUntilDue(run, host, { startedAt, answered }, runToEnd(run, host, startedAt));
  if (ending.status === 'continued') return ending;
  end.isTold = true;
  await tellEnd(run, root, ending);
  return ending;
}

function receiveSignals({ events, children, shards, turnover }: Run, host: Host): void {
  host.hear('events', ({ deliveries }) => {
    for (const { path, event } of deliveries) events.deliver(path, event);
    turnover.check();
  });
  host.hear('childEnded', (end) => {
    children.deliver(end.executionId, end);
    turnover.check();
  });
  host.hear('shardEnded', ({ id, result }) => {
    shards.deliver(id, result);
    turnover.check();
  });
}

async function tellEnd({ journal, input }: Run, root: Host, ending: Ending): Promise<void> {
  const outcome: { readonly output: Json } | { readonly error: ErrorInfo } =
    ending.status === 'success' ? { output: ending.output } : { error: ending.error };
  journal.execution({ status: ending.status, endedAt: root.now(), pausedBy: null, ...outcome });
  await journal.handOver();
  const { parent, execution } = input;
  if (!parent) return;
  // Where the parent is gone nobody waits; where it doesn't answer the sweeper tells it.
  await root
    .shield()
    .tell(parent.executionId, 'childEnded', { executionId: execution.id, status: ending.status, ...outcome })
    .catch(() => undefined);
}
