import { z } from '@hono/zod-openapi';
import type { Json } from '../../contract.ts';
import { readEvents } from '../../operations/read-events.ts';
import { sendEvent } from '../../operations/send-event.ts';
import type { StoredEvent } from '../../store/events.ts';
import { page, readCursor } from '../cursor.ts';
import { listOf, listQuery } from '../list-query.ts';
import { route } from '../route.ts';

const tag = 'events';

// What PostgreSQL would refuse, said before it is asked.
const name = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'It holds a control character.')
  .openapi({ description: 'What happened, such as `order.paid`; waits name it' });
const key = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[^\0\p{Cs}]*$/u, 'It holds a NUL, or half a character.')
  .openapi({ description: "Whom it concerns, such as an order's number" });

export const event = z
  .object({
    id: z.string(),
    name: z.string(),
    key: z.string().nullable(),
    data: z.unknown().openapi({ description: 'Any JSON' }),
    source: z.string().openapi({ description: 'api, sql, or emit and the execution whose task sent it' }),
    status: z
      .enum(['received', 'delivered', 'expired'])
      .openapi({ description: 'delivered: an execution that waited has got it, at least one' }),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable().openapi({ description: 'From then on it wakes nobody who comes late' }),
  })
  .openapi('Event');

const send = route(
  {
    method: 'post',
    path: '/events',
    permission: 'event:send',
    tag,
    summary: 'Send an event',
    description:
      'Every execution that waits for an event of this name gets it, now or if it comes to wait within 7 days. An `Idempotency-Key` makes a repeat the same event.',
    body: z
      .strictObject({
        name,
        key: key.optional(),
        data: z.unknown().optional().openapi({ description: 'Any JSON, up to 1 MB. Default {}' }),
      })
      .openapi('SendEvent'),
    answers: { 202: { description: 'Accepted', schema: event } },
    problems: ['INPUT_INVALID'],
  },
  async (c) => {
    const { name, key = null, data = {} } = c.req.valid('json');
    const about = { idempotencyKey: c.get('idempotencyKey'), requestId: c.get('requestId') };
    const content = { name, key, data: data as Json };
    const stored = await sendEvent(c.get('services').database, c.get('principal'), { ...content, ...about });
    return c.json(showEvent(stored), 202);
  },
);

const list = route(
  {
    method: 'get',
    path: '/events',
    permission: 'event:read',
    tag,
    summary: 'Events, newest first',
    query: listQuery.extend({ name: name.optional(), key: key.optional() }),
    answers: { 200: { description: 'A page', schema: listOf(event) } },
  },
  async (c) => {
    const { cursor, ...filter } = c.req.valid('query');
    const { database } = c.get('services');
    const rows = await readEvents(database, c.get('principal'), { ...filter, after: readCursor(cursor) });
    return c.json(page(rows, filter.limit, showEvent), 200);
  },
);

function showEvent({ id, name, key, data, source, status, createdBy, createdAt, expiresAt }: StoredEvent) {
  return { id, name, key, data, source, status, createdBy, createdAt, expiresAt };
}

/** Routes of events. */
export const eventRoutes = [send, list];
