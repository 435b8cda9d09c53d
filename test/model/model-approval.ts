import type { Json } from '../../src/contract.ts';
import type { Kind } from './model.ts';
import { Failure, fill } from './model.ts';
import { aside } from './model-calls.ts';
import type { Stage } from './program.ts';
import type { Scope, Strand } from './simulation.ts';
import { Stopped } from './simulation.ts';
import type { Ballot } from './world.ts';
import { ballotsOf, START } from './world.ts';

type Vote = { readonly user: string; readonly decision: 'approve' | 'reject'; readonly at: string };

/** People vote, deadlines pass; the first final event decides. */
export const modelApproval: Kind<'approval'> = function* (model, task, frame) {
  const { sim, approvals, program } = model;
  const { path } = frame;
  const startedAt = sim.now();
  let [reminded, reminding] = [0, frame.scope.inner()];
  const votes: Vote[] = [];
  let stage: Stage = task;
  let status = 'open';
  let decidedBy = '';
  let [wake, takeBack] = [(): unknown => undefined, (): unknown => undefined];
  const now = (): string => new Date(START + sim.now()).toISOString();

  function close(as: string, by: string): void {
    status = approvals[path] = as;
    decidedBy = by;
    takeBack();
    wake();
  }

  function enter(next: Stage): void {
    stage = next;
    takeBack();
    reminding.cancel();
    reminding = frame.scope.inner();
    if (task.reminders) sim.fork(remind(task.reminders, reminding));
    if (stage.deadline !== undefined) takeBack = sim.after(stage.deadline, timeUp);
  }

  function timeUp(): void {
    const { onTimeout = 'fail', escalateTo } = stage;
    if (onTimeout === 'escalate' && escalateTo) {
      enter(escalateTo);
      count('system');
    } else {
      close({ fail: 'expired', approve: 'approved', reject: 'rejected', escalate: 'expired' }[onTimeout], 'system');
    }
  }

  function count(by: string): void {
    const { assignees = [], candidateGroups = [] } = stage;
    const hasGroups = candidateGroups.length > 0;
    const { quorum = 1 } = task;
    const many = typeof quorum === 'number' ? quorum : hasGroups ? 1 : undefined;
    const needed = many ?? (quorum === 'all' ? assignees.length : Math.floor(assignees.length / 2) + 1);
    const approving = votes.filter(({ decision }) => decision === 'approve').length;
    const left = assignees.filter((name) => !votes.some(({ user }) => user === name)).length;
    if (approving >= needed) close('approved', by);
    else if (approving < votes.length && (hasGroups || approving + left < needed)) close('rejected', by);
  }

  function cast({ user, decision }: Ballot): void {
    const { assignees = [], candidateGroups = [] } = stage;
    const isAllowed = assignees.includes(user) || (candidateGroups.length > 0 && user !== 'stranger');
    const hasVoted = votes.some((vote) => vote.user === user);
    const answer = status !== 'open' ? 'ALREADY_DECIDED' : !isAllowed ? 'FORBIDDEN' : hasVoted ? 'CONFLICT' : 'taken';
    model.ballots.push({ at: sim.now(), path, user, decision, answer });
    if (answer !== 'taken') return;
    votes.push({ user, decision, at: now() });
    count(user);
  }

  /** Of one stage: an escalation cuts off a call that is under way. */
  function* remind({ every, ...what }: NonNullable<typeof task.reminders>, scope: Scope): Strand<void> {
    for (;;) {
      const turn = Math.max(reminded + 1, Math.ceil((sim.now() - startedAt) / every));
      yield* sim.sleep(scope, startedAt + turn * every - sim.now());
      const { assignees = [], candidateGroups = [] } = stage;
      const input = fill(model, frame, what.with ?? {}, { approval: { title: task.id, assignees, candidateGroups } });
      try {
        yield* aside(model, scope, `${path}~reminder${turn}`, what, input);
      } catch (error) {
        if (error instanceof Stopped) throw error;
      }
      reminded = turn;
    }
  }

  approvals[path] = 'open';
  enter(task);
  for (const ballot of ballotsOf(program.script, path)) sim.after(ballot.ms, () => cast(ballot));
  try {
    yield* sim.signalled(frame.scope, (go) => (wake = go));
  } catch (error) {
    if (error instanceof Stopped && status === 'open') close('cancelled', 'system');
    throw error;
  } finally {
    reminding.cancel();
  }
  if (status === 'expired') throw new Failure({ code: 'APPROVAL_EXPIRED' });
  if (status === 'rejected' && task.onReject !== 'continue') throw new Failure({ code: 'APPROVAL_REJECTED' });
  const cast_ = votes.map((vote): Json => ({ ...vote, comment: null, data: null, channel: 'api' }));
  const decision = status === 'approved' ? 'approve' : 'reject';
  return { decision, decidedBy, comment: null, data: null, votes: cast_, decidedAt: now() };
};
