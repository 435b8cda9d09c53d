import { z } from '@hono/zod-openapi';
import { APPROVAL_STATUSES } from '../../contract.ts';
import type { Json, VoteChannel } from '../../contract.ts';
import { actorOf } from '../../operations/actor.ts';
import { claimApproval, decideApproval, readApproval } from '../../operations/decide-approval.ts';
import { readApprovals } from '../../operations/read-executions.ts';
import { page, readCursor } from '../cursor.ts';
import { listOf, listQuery } from '../list-query.ts';
import { route } from '../route.ts';
import type { Route } from '../route.ts';
import * as schemas from './approval-schemas.ts';

const tag = 'approvals';
const PROBLEMS = [
  'FORBIDDEN',
  'CONFLICT',
  'ALREADY_DECIDED',
  'EXECUTION_ENDED',
  'TEMPORAL_UNAVAILABLE',
  'WORKER_UNAVAILABLE',
] as const;

const list = route(
  {
    method: 'get',
    path: '/approvals',
    permission: 'approval:read',
    tag,
    summary: 'Approvals, newest first',
    query: listQuery.extend({
      status: z.enum(APPROVAL_STATUSES).optional(),
      assignee: z.string().max(300).optional().openapi({ description: '`me`, or the name of a user' }),
      workflow: z.string().max(128).optional(),
      execution: z.string().max(200).optional(),
      dueBefore: z.iso.datetime({ offset: true }).optional(),
    }),
    answers: { 200: { description: 'A page', schema: listOf(schemas.approval) } },
  },
  async (c) => {
    const { cursor, assignee, dueBefore, ...filter } = c.req.valid('query');
    const { database, config } = c.get('services');
    const who = c.get('principal');
    const rows = await readApprovals(database, who, {
      ...filter,
      candidate:
        assignee === undefined ? undefined : assignee === 'me' ? actorOf(who) : { names: [assignee], groups: [] },
      dueBefore: dueBefore === undefined ? undefined : new Date(dueBefore),
      after: readCursor(cursor, /^[^\0]{1,6000}$/),
    });
    return c.json(
      page(rows, filter.limit, (row) => schemas.showApproval(row, config, who.tenant)),
      200,
    );
  },
);

const get = route(
  {
    method: 'get',
    path: '/approvals/{id}',
    permission: 'approval:read',
    confirmsKey: () => true,
    tag,
    summary: 'One approval',
    answers: { 200: { description: 'It', schema: schemas.approval } },
  },
  async (c) => {
    const { database, config } = c.get('services');
    const who = c.get('principal');
    const row = await readApproval(database, who, c.req.valid('param').id);
    return c.json(schemas.showApproval(row, config, who.tenant), 200);
  },
);

const decide = route(
  {
    method: 'post',
    path: '/approvals/{id}/decision',
    permission: 'approval:decide',
    confirmsKey: () => true,
    tag,
    summary: 'Approve or reject',
    description: 'Who may is decided by the approval itself; a vote is not changed any more.',
    body: schemas.decision,
    answers: { 200: { description: 'The vote counts', schema: schemas.approval } },
    problems: [...PROBLEMS, 'INPUT_INVALID'],
  },
  async (c) => {
    const services = c.get('services');
    const who = c.get('principal');
    const { decision, comment = null, data } = c.req.valid('json');
    const row = await decideApproval(services, who, {
      id: c.req.valid('param').id,
      decision,
      comment,
      data: data as Json | undefined,
      channel: channelOf(c.req.header('weft-channel')),
      idempotencyKey: c.get('idempotencyKey'),
      requestId: c.get('requestId'),
    });
    return c.json(schemas.showApproval(row, services.config, who.tenant), 200);
  },
);

function claim(action: 'claim' | 'release', summary: string): Route {
  return route(
    {
      method: 'post',
      path: `/approvals/{id}/${action}`,
      permission: 'approval:decide',
      tag,
      summary,
      body: z.strictObject({}),
      bodyOptional: true,
      answers: { 200: { description: 'Done', schema: schemas.approval } },
      problems: PROBLEMS,
    },
    async (c) => {
      const services = c.get('services');
      const who = c.get('principal');
      const about = { idempotencyKey: c.get('idempotencyKey'), requestId: c.get('requestId') };
      const row = await claimApproval(services, who, { id: c.req.valid('param').id, action, ...about });
      return c.json(schemas.showApproval(row, services.config, who.tenant), 200);
    },
  );
}

/** Which of our own parts sent it; anything else is `api`. */
function channelOf(header: string | undefined): VoteChannel {
  return header === 'cli' || header === 'console' ? header : 'api';
}

/** Routes of approvals. */
export const approvalRoutes = [
  list,
  get,
  decide,
  claim('claim', 'Take an approval on, so that others see it'),
  claim('release', 'Give an approval back'),
];
