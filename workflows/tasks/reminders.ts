import type { Json } from '../../src/contract.ts';
import { parseDuration } from '../../src/plan/duration.ts';
import type { TaskOf } from '../../src/plan/plan.ts';
import { asideOf, callAside } from '../call-aside.ts';
import type { Host } from '../host.ts';
import { TaskError } from '../outcome.ts';
import type { TaskContext } from '../runner.ts';
import { resolveIn } from '../scope.ts';

/** How many have gone out, and the one that is about to; JSON. */
export type Reminded = { reminded?: number; reminding?: number };

/**
 * Calls the reminders' executor again and again, at `every` after the approval was opened, until the host's scope is
 * cancelled. One that fails changes nothing; those that fell into an outage are not made up for.
 */
export async function remind(
  { run, frame, identity, startedAt }: TaskContext<'approval'>,
  host: Host,
  { every, ...call }: NonNullable<TaskOf<'approval'>['reminders']>,
  { state, approvalId }: { readonly state: Reminded; readonly approvalId: string },
): Promise<never> {
  const interval = parseDuration(resolveIn(run, frame, every));
  if (interval === undefined || interval <= 0)
    throw new TaskError('EXPRESSION_ERROR', `'every' must be a duration such as 24h`);
  for (;;) {
    // One that was due when another run had to go on is not one of those.
    const due = state.reminding ?? Math.max((state.reminded ?? 0) + 1, Math.ceil((host.now() - startedAt) / interval));
    await host.sleep(Math.max(startedAt + due * interval - host.now(), 0), `${identity.path} reminder`);
    state.reminding = due;
    const approval = shown(run.approvals.get(approvalId)?.state ?? null);
    try {
      const input = resolveIn(run, frame, call.with, { more: { approval } });
      await callAside(run, host, call, {
        identity: asideOf(
          identity,
          `reminder${due}`,
          call.executor,
          `Reminder of ${identity.title ?? identity.taskId}`,
        ),
        input,
      });
    } catch (error) {
      if (!(error instanceof TaskError)) throw error;
    } finally {
      delete state.reminding;
    }
    state.reminded = due;
  }
}

/** What `with` reads as `$approval`. */
function shown(state: { readonly [field: string]: Json | undefined } | null): Json {
  const { id = null, title = null, assignees = [], candidateGroups = [], deadline = null } = state ?? {};
  return { id, title, assignees, candidateGroups, deadline };
}
