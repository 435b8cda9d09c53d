import { sql } from 'kysely';
import type { ApprovalStatus, Json, Vote } from '../contract.ts';
import type { Session } from '../store/database.ts';
import { keepQuery } from '../store/kept-query.ts';
import { OVERLAP } from './overlap.ts';

/** An approval as the mirror has it; people by their usernames. */
export type ApprovalRow = {
  readonly id: string;
  readonly execution: string;
  readonly runId: string | null;
  readonly workflow: string | null;
  /** Path of its task. */
  readonly task: string;
  readonly title: string;
  readonly description: string | null;
  readonly status: ApprovalStatus;
  readonly assignees: readonly string[];
  readonly candidateGroups: readonly string[];
  readonly quorumKind: 'count' | 'all' | 'majority';
  /** Approvals needed. */
  readonly quorum: number;
  /** Whether who started the execution may vote. */
  readonly selfApproval: boolean;
  /** What the deadline does. */
  readonly onTimeout: 'fail' | 'approve' | 'reject' | 'escalate';
  /** JSON Schema of the decision's data, or null. */
  readonly form: Json;
  readonly deadline: Date | null;
  readonly votes: readonly Vote[];
  readonly claimedBy: string | null;
  readonly startedBy: string | null;
  readonly decidedBy: string | null;
  readonly createdAt: Date;
  readonly decidedAt: Date | null;
  readonly confirmed: boolean;
  readonly mirroredAt: Date;
  /** When the row was written, as SQL text: with microseconds. */
  readonly writtenAt: string;
};

export type ApprovalFilter = {
  readonly status?: ApprovalStatus | undefined;
  /** Who may vote: the names a person goes by, and their groups. */
  readonly candidate?: { readonly names: readonly string[]; readonly groups: readonly string[] } | undefined;
  readonly workflow?: string | undefined;
  readonly execution?: string | undefined;
  readonly dueBefore?: Date | undefined;
  readonly after?: { readonly at: string; readonly id: string } | undefined;
  readonly limit: number;
};

/** The tenant's approvals, newest first; one more than `limit` when there are more. */
export function listApprovals(
  session: Session,
  tenant: string,
  filter: ApprovalFilter,
): Promise<(ApprovalRow & { readonly at: string })[]> {
  let query = approvals(session, tenant)
    .select(sql<string>`a.created_at::text`.as('at'))
    .orderBy('a.created_at', 'desc')
    .orderBy('a.id', 'desc')
    .limit(filter.limit + 1);
  const { status, candidate, workflow, execution, dueBefore, after } = filter;
  if (status !== undefined) query = query.where('a.status', '=', status);
  if (workflow !== undefined) query = query.where('w.name', '=', workflow);
  if (execution !== undefined) query = query.where('a.execution_id', '=', execution);
  if (dueBefore) query = query.where('a.deadline', '<', dueBefore);
  if (candidate) {
    query = query.where(
      sql<boolean>`exists (
        select from weft.approval_candidates c
        where c.tenant_id = a.tenant_id and c.approval_id = a.id
          and (c.kind = 'user' and c.principal = any(${[...candidate.names]}::text[])
            or c.kind = 'group' and c.principal = any(${[...candidate.groups]}::text[])))`,
    );
  }
  if (after) query = query.where(sql<boolean>`(a.created_at, a.id) < (${after.at}::timestamptz, ${after.id})`);
  return query.$castTo<ApprovalRow & { readonly at: string }>().execute();
}

/** One approval, by one statement. */
export async function findApproval(session: Session, tenant: string, id: string): Promise<ApprovalRow | undefined> {
  return (await findById(session, tenant, id))[0];
}

const findById = keepQuery((session, tenant: string, id: string) =>
  approvals(session, tenant).where('a.id', '=', id).$castTo<ApprovalRow>(),
);

/** Approvals of an execution that were written since a time (SQL text) or shortly before, in the order they were written. */
export function listApprovalsSince(
  session: Session,
  tenant: string,
  executionId: string,
  since: string,
): Promise<ApprovalRow[]> {
  return approvals(session, tenant)
    .where('a.execution_id', '=', executionId)
    .where(sql<boolean>`a.mirrored_at >= ${since}::timestamptz - ${OVERLAP}`)
    .orderBy('a.mirrored_at')
    .orderBy('a.id')
    .$castTo<ApprovalRow>()
    .execute();
}

function candidates(kind: 'user' | 'group') {
  return sql<string[]>`array(
    select c.principal from weft.approval_candidates c
    where c.tenant_id = a.tenant_id and c.approval_id = a.id and c.kind = ${kind} order by c.principal)`;
}

function approvals(session: Session, tenant: string) {
  return session
    .selectFrom('approvals as a')
    .innerJoin('workflow_executions as e', (join) =>
      join.onRef('e.tenant_id', '=', 'a.tenant_id').onRef('e.id', '=', 'a.execution_id'),
    )
    .leftJoin('workflows as w', (join) =>
      join.onRef('w.tenant_id', '=', 'e.tenant_id').onRef('w.id', '=', 'e.workflow_id'),
    )
    .leftJoin('users as starter', (join) =>
      join.onRef('starter.tenant_id', '=', 'e.tenant_id').onRef('starter.id', '=', 'e.triggered_by'),
    )
    .leftJoin('users as claimer', (join) =>
      join.onRef('claimer.tenant_id', '=', 'a.tenant_id').onRef('claimer.id', '=', 'a.claimed_by'),
    )
    .leftJoin('users as decider', (join) =>
      join.onRef('decider.tenant_id', '=', 'a.tenant_id').onRef('decider.id', '=', 'a.decided_by'),
    )
    .select(['a.id', 'a.execution_id as execution', 'e.temporal_run_id as runId', 'w.name as workflow'])
    .select(['a.path as task', 'a.title', 'a.description', 'a.status', 'a.quorum_kind as quorumKind', 'a.quorum'])
    .select(['a.form', 'a.deadline', 'a.created_at as createdAt', 'a.decided_at as decidedAt', 'a.confirmed'])
    .select(['a.mirrored_at as mirroredAt', 'a.self_approval as selfApproval', 'a.on_timeout as onTimeout'])
    .select(sql<string>`a.mirrored_at::text`.as('writtenAt'))
    .select(sql<string | null>`coalesce(starter.username, e.triggered_by)`.as('startedBy'))
    .select(sql<string | null>`coalesce(claimer.username, a.claimed_by)`.as('claimedBy'))
    .select(sql<string | null>`coalesce(decider.username, a.decided_by)`.as('decidedBy'))
    .select([candidates('user').as('assignees'), candidates('group').as('candidateGroups')])
    .select(
      sql<Vote[]>`(
        select coalesce(json_agg(json_build_object(
          'user', coalesce(u.username, v.voter_id), 'decision', v.decision, 'comment', v.comment, 'data', v.data,
          'channel', v.channel, 'at', to_char(v.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
        ) order by v.created_at), '[]'::json)
        from weft.approval_votes v
        left join weft.users u on u.tenant_id = v.tenant_id and u.id = v.voter_id
        where v.tenant_id = a.tenant_id and v.approval_id = a.id)`.as('votes'),
    )
    .where('a.tenant_id', '=', tenant);
}
