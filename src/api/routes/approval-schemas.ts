import { z } from '@hono/zod-openapi';
import { APPROVAL_STATUSES } from '../../contract.ts';
import type { ApprovalRow } from '../../mirror/read-approvals.ts';
import type { Services } from '../services.ts';
import { mirrored } from './execution-schemas.ts';
import { temporalLink } from './show-execution.ts';

const json = z.unknown().openapi({ description: 'Any JSON' });
const time = z.iso.datetime();

const vote = z
  .object({
    user: z.string(),
    decision: z.enum(['approve', 'reject']),
    comment: z.string().nullable(),
    data: json,
    channel: z.string(),
    at: time,
  })
  .openapi('Vote');

export const approval = z
  .object({
    id: z.string(),
    execution: z.string(),
    workflow: z.string().nullable(),
    task: z.string().openapi({ description: 'Path of its task' }),
    title: z.string(),
    description: z.string().nullable(),
    status: z.enum(APPROVAL_STATUSES),
    assignees: z.array(z.string()),
    candidateGroups: z.array(z.string()),
    quorum: z.number().int().openapi({ description: 'Approvals needed' }),
    quorumKind: z.enum(['count', 'all', 'majority']),
    form: json,
    deadline: time.nullable(),
    votes: z.array(vote),
    claimedBy: z.string().nullable(),
    startedBy: z.string().nullable(),
    decidedBy: z.string().nullable(),
    createdAt: time,
    decidedAt: time.nullable(),
    ...mirrored,
    temporalUrl: z.string().nullable(),
  })
  .openapi('Approval');

export const decision = z
  .strictObject({
    decision: z.enum(['approve', 'reject']),
    comment: z.string().max(4_000).optional(),
    data: json.optional(),
  })
  .openapi('Decision');

/** @param tenant of whoever asks: nobody sees another's */
export function showApproval(row: ApprovalRow, config: Services['config'], tenant: string): z.input<typeof approval> {
  const { id, execution, workflow, task, title, description, status, quorum, quorumKind, form } = row;
  const { claimedBy, startedBy, decidedBy, confirmed } = row;
  return {
    id,
    execution,
    workflow,
    task,
    title,
    description,
    status,
    quorum,
    quorumKind,
    form,
    claimedBy,
    startedBy,
    decidedBy,
    confirmed,
    mirroredAt: row.mirroredAt.toISOString(),
    assignees: [...row.assignees],
    candidateGroups: [...row.candidateGroups],
    deadline: row.deadline?.toISOString() ?? null,
    votes: row.votes.map(({ user, decision, comment, data, channel, at }) => ({
      user,
      decision,
      comment,
      data,
      channel,
      at,
    })),
    createdAt: row.createdAt.toISOString(),
    decidedAt: row.decidedAt?.toISOString() ?? null,
    temporalUrl: temporalLink(config, tenant, execution, row.runId).url,
  };
}
