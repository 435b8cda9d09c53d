import type { ApprovalState, Json } from '../../src/contract.ts';
import { approvalId } from '../../src/ids.ts';
import { parseDuration } from '../../src/plan/duration.ts';
import type { ApprovalStage } from '../../src/plan/plan.ts';
import { close, escalate, quorumOf } from '../approval-state.ts';
import type { ApprovalRecord, Electorate } from '../approval-state.ts';
import { Cancelled, TaskError } from '../outcome.ts';
import { parked } from '../park.ts';
import { checkPayload } from '../payload.ts';
import type { Runner, TaskContext } from '../runner.ts';
import { resolveIn } from '../scope.ts';
import type { Reminded } from './reminders.ts';
import { remind } from './reminders.ts';

type Context = TaskContext<'approval'>;
/** `stage`: how often it was escalated. */
type State = Reminded & { stage?: number };

/** From here on dates are written with a sign, which PostgreSQL doesn't read. */
const YEAR_10000 = Date.UTC(10_000, 0);
/** What is asked; leaves room for the votes. */
const MOST_BYTES = 1_000_000;

/** Waits for people: opens an approval, lets updates and deadlines decide it, gives the decision. */
export const approval: Runner<'approval'> = async (context) => {
  const { run, path, frame } = context;
  const { approvals, input } = run;
  const own = context.state as State;
  const id = approvalId(input.execution.id, path, 1);
  if (!approvals.get(id)) {
    const opened = openState(context, id);
    checkPayload(opened, 'The approval', { most: MOST_BYTES });
    approvals.put({ state: opened, votedAs: [], aliases: 0 });
  }
  for (;;) {
    const stage = stageAt(context.task, own.stage ?? 0);
    const state = await waitForStage(context, id);
    const record = approvals.get(id);
    if (state.status !== 'open' || !record) return resultOf(context, state);
    const at = new Date(frame.host.now()).toISOString();
    if (stage.onTimeout === 'escalate' && stage.escalateTo) {
      approvals.put(escalate(record, electorateOf(context, stage.escalateTo), at));
      own.stage = (own.stage ?? 0) + 1;
    } else {
      approvals.put(expired(record, stage.onTimeout, at));
    }
  }
};

function stageAt(stage: ApprovalStage, escalations: number): ApprovalStage {
  return escalations > 0 && stage.escalateTo ? stageAt(stage.escalateTo, escalations - 1) : stage;
}

/** Resolves with the decided state, or with the open one when its deadline has passed first. */
async function waitForStage(context: Context, id: string): Promise<ApprovalState> {
  const { run, frame, task } = context;
  const { approvals } = run;
  const record = approvals.get(id);
  if (!record) throw new Error(`approval ${id} is gone`);
  if (record.state.status !== 'open') return record.state;
  const { deadline } = record.state;
  const timer = frame.host.scope();
  const reminding = task.reminders && remind(context, timer, task.reminders, { state: context.state, approvalId: id });
  reminding?.catch(() => undefined);
  const waitingFor = describe(record.state);
  try {
    return await parked(context, waitingFor, Number.POSITIVE_INFINITY, () =>
      Promise.race([
        approvals.decided(id),
        frame.host.cancelled,
        ...(reminding ? [reminding] : []),
        ...(deadline === null
          ? []
          : [timeUp(context, id, timer.sleep(Date.parse(deadline) - frame.host.now(), context.path))]),
      ]),
    );
  } catch (error) {
    const current = approvals.get(id);
    if (error instanceof Cancelled && current?.state.status === 'open') {
      approvals.put(close(current, 'cancelled', new Date(frame.host.now()).toISOString()));
    }
    throw error;
  } finally {
    timer.cancel();
    await reminding?.catch(() => undefined);
  }
}

/** A decision that came in the same instant stands: the first final event wins. */
async function timeUp({ run }: Context, id: string, timer: Promise<void>): Promise<ApprovalState> {
  await timer;
  const record = run.approvals.get(id);
  if (!record) throw new Error(`approval ${id} is gone`);
  return record.state;
}

function expired(record: ApprovalRecord, onTimeout: ApprovalStage['onTimeout'], at: string): ApprovalRecord {
  if (onTimeout === 'approve') return close(record, 'approved', at);
  if (onTimeout === 'reject') return close(record, 'rejected', at);
  return close(record, 'expired', at);
}

function resultOf({ task }: Context, state: ApprovalState): Json {
  if (state.status === 'expired')
    throw new TaskError('APPROVAL_EXPIRED', `'${state.title}' was not decided by ${state.deadline ?? ''}`);
  if (state.status === 'cancelled') throw new Cancelled();
  if (state.status === 'rejected' && task.onReject === 'fail') {
    const because = state.comment === null ? '' : `: ${state.comment}`;
    throw new TaskError('APPROVAL_REJECTED', `'${state.title}' was rejected by '${state.decidedBy ?? ''}'${because}`);
  }
  return {
    decision: state.status === 'approved' ? 'approve' : 'reject',
    decidedBy: state.decidedBy,
    comment: state.comment,
    data: state.data,
    votes: state.votes,
    decidedAt: state.decidedAt,
  };
}

function openState(context: Context, id: string): ApprovalState {
  const { run, task, path, frame, startedAt } = context;
  return {
    ...electorateOf(context, task),
    id,
    path,
    round: 1,
    title: textOf(resolveIn(run, frame, task.subject)),
    description: task.description === undefined ? null : textOf(resolveIn(run, frame, task.description)),
    status: 'open',
    selfApproval: task.selfApproval,
    form: task.form === undefined ? null : resolveIn(run, frame, task.form),
    onReject: task.onReject,
    claimedBy: null,
    claimedAt: null,
    escalatedTo: null,
    votes: [],
    createdAt: new Date(startedAt).toISOString(),
    decidedBy: null,
    decidedAt: null,
    comment: null,
    data: null,
  };
}

function electorateOf(
  { run, task, frame }: Context,
  stage: ApprovalStage,
): Electorate & Pick<ApprovalState, 'deadline' | 'onTimeout'> {
  const assignees = namesOf(resolveIn(run, frame, stage.assignees), 'assignees');
  const candidateGroups = namesOf(resolveIn(run, frame, stage.candidateGroups), 'candidateGroups');
  if (assignees.length + candidateGroups.length === 0) {
    throw new TaskError(
      'INPUT_INVALID',
      'The approval has nobody to decide it: assignees and candidateGroups are empty',
    );
  }
  // Escalation may hand it from people to groups, whose size isn't known: one approval then decides.
  const kind = candidateGroups.length > 0 ? ('count' as const) : task.quorum.kind;
  const count = task.quorum.kind === 'count' ? task.quorum.count : 1;
  const quorum = quorumOf(kind, count, assignees.length);
  if (candidateGroups.length === 0 && stage === task && quorum > assignees.length) {
    throw new TaskError('INPUT_INVALID', `${quorum} must approve, but there are ${assignees.length} assignees`);
  }
  return {
    assignees,
    candidateGroups,
    quorumKind: kind,
    quorum,
    deadline: deadlineOf(stage),
    onTimeout: stage.onTimeout,
  };

  function deadlineOf({ deadline }: ApprovalStage): string | null {
    if (deadline === undefined) return null;
    const duration = parseDuration(resolveIn(run, frame, deadline));
    const at = duration === undefined ? Infinity : frame.host.now() + duration;
    if (at >= YEAR_10000) throw new TaskError('EXPRESSION_ERROR', `'deadline' must be a duration such as 72h`);
    return new Date(at).toISOString();
  }
}

/** A list of names; one that is a list itself (from an expression) is taken in, nothing is left out. */
function namesOf(value: Json, field: string): string[] {
  const list: readonly Json[] = (Array.isArray(value) ? value : [value]).flat() as Json[];
  const names = list.filter((item) => item !== null && item !== '');
  if (!names.every((item) => typeof item === 'string'))
    throw new TaskError('INPUT_INVALID', `'${field}' must be names`);
  return [...new Set(names)];
}

function describe(state: ApprovalState): { readonly [key: string]: Json } {
  return {
    kind: 'approval',
    approval: state.id,
    since: state.createdAt,
    until: state.deadline,
    assignees: state.assignees,
    candidateGroups: state.candidateGroups,
  };
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
