import { cleanText, toCleanJson } from './clean.ts';
import type { MirrorRow } from './mirror-row.ts';
import { keyOf, NO_ORDER, orderOf } from './mirror-row.ts';
import type { Upserted } from './mirror-table.ts';
import type { ApprovalFact } from './record.ts';
import { jsonOf } from './task-rows.ts';
import { upsertSql } from './upsert-sql.ts';
import type { Written } from './write-sql.ts';

/** `approvals`: each write is the whole approval. */
export const approvals: Upserted = {
  name: 'approvals',
  key: ['tenant_id', 'id'],
  types: {
    tenant_id: 'text',
    id: 'text',
    execution_id: 'text',
    path: 'text',
    round: 'int',
    title: 'text',
    description: 'text',
    status: 'text',
    quorum_kind: 'text',
    quorum: 'int',
    self_approval: 'boolean',
    form: 'json',
    on_timeout: 'text',
    on_reject: 'text',
    deadline: 'timestamptz',
    claimed_by: 'text',
    claimed_at: 'timestamptz',
    escalated_to: 'jsonb',
    decision_data: 'jsonb',
    decided_by: 'text',
    decided_at: 'timestamptz',
    comment: 'text',
    created_at: 'timestamptz',
  },
  constant: ['created_at'],
  least: [],
  greatest: [],
  groups: {},
  showsGreatestAttempt: false,
  touched: ['mirrored_at', 'updated_at'],
};

/** Who may vote is replaced together with the row, where the write won. */
export const approvalsSql: Written = {
  sql: `${upsertSql(approvals)} returning tenant_id, id`,
  then: {
    named: `
  select won.tenant_id, won.id as approval_id, c.kind, c.principal
  from wrote_approvals won
  join json_to_recordset($1::json) as x(tenant_id text, id text, candidates text) using (tenant_id, id)
  cross join lateral json_to_recordset(x.candidates::json) as c(kind text, principal text)`,
    gone: `
  delete from weft.approval_candidates c using wrote_approvals won
  where c.tenant_id = won.tenant_id and c.approval_id = won.id and not exists (
    select from named n
    where (n.tenant_id, n.approval_id, n.kind, n.principal) = (c.tenant_id, c.approval_id, c.kind, c.principal)
  )`,
    added: `
  insert into weft.approval_candidates (tenant_id, approval_id, kind, principal)
  select distinct tenant_id, approval_id, kind, principal from named
  on conflict do nothing`,
  },
};

export function approvalRow(fact: ApprovalFact): MirrorRow {
  const { approval: state } = fact;
  const text = (value: string | null) => (value === null ? null : cleanText(value));
  const candidates = [
    ...state.assignees.map((principal) => ({ kind: 'user', principal })),
    ...state.candidateGroups.map((principal) => ({ kind: 'group', principal })),
  ];
  return {
    key: keyOf(fact, state.id),
    order: orderOf(fact),
    values: {
      tenant_id: fact.tenant,
      id: state.id,
      execution_id: fact.executionId,
      path: cleanText(state.path),
      round: state.round,
      title: cleanText(state.title),
      description: text(state.description),
      status: state.status,
      quorum_kind: state.quorumKind,
      quorum: state.quorum,
      self_approval: state.selfApproval,
      form: jsonOf(state.form),
      on_timeout: state.onTimeout,
      on_reject: state.onReject,
      deadline: state.deadline,
      claimed_by: text(state.claimedBy),
      claimed_at: state.claimedAt,
      escalated_to: jsonOf(state.escalatedTo),
      decision_data: jsonOf(state.data),
      decided_by: text(state.decidedBy),
      decided_at: state.decidedAt,
      comment: text(state.comment),
      created_at: state.createdAt,
      candidates: toCleanJson(candidates),
    },
    givenAt: {},
  };
}

/** Rows of `approval_votes`: a vote can't be changed, so the first that comes stays. */
export const votesSql = `
insert into weft.approval_votes (tenant_id, approval_id, voter_id, decision, comment, data, channel, created_at)
select x.tenant_id, x.approval_id, x.voter_id, x.decision, x.comment, x.data::jsonb, x.channel, x.created_at
from json_to_recordset($1::json) as x(tenant_id text, approval_id text, voter_id text, decision text, comment text,
  data text, channel text, created_at timestamptz)
on conflict do nothing`;

export function voteRows(fact: ApprovalFact): readonly MirrorRow[] {
  return fact.approval.votes.map((vote) => ({
    key: keyOf(fact, fact.approval.id, vote.user),
    order: NO_ORDER,
    values: {
      tenant_id: fact.tenant,
      approval_id: fact.approval.id,
      voter_id: cleanText(vote.user),
      decision: vote.decision,
      comment: vote.comment === null ? null : cleanText(vote.comment),
      data: jsonOf(vote.data),
      channel: vote.channel,
      created_at: vote.at,
    },
    givenAt: {},
  }));
}
