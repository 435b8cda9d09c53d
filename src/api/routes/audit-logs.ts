import { z } from '@hono/zod-openapi';
import { readAuditLogs } from '../../operations/read-audit-logs.ts';
import type { AuditRow } from '../../store/audit.ts';
import { page, readCursor } from '../cursor.ts';
import { listOf, listQuery } from '../list-query.ts';
import { route } from '../route.ts';

const entry = z
  .object({
    id: z.string(),
    user: z.string().nullable(),
    action: z.string(),
    resourceType: z.string(),
    resourceId: z.string().nullable(),
    changes: z.unknown(),
    requestId: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .openapi('AuditEntry');

const list = route(
  {
    method: 'get',
    path: '/audit-logs',
    permission: 'audit:read',
    tag: 'administration',
    summary: 'Who did what, newest first',
    query: listQuery.extend({
      user: z.string().max(200).optional(),
      action: z.string().max(50).optional(),
      resourceType: z.string().max(100).optional(),
      resourceId: z.string().max(300).optional(),
    }),
    answers: { 200: { description: 'A page', schema: listOf(entry) } },
  },
  async (c) => {
    const { cursor, ...filter } = c.req.valid('query');
    const after = readCursor(cursor, /^\d{1,18}$/);
    const rows = await readAuditLogs(c.get('services').database, c.get('principal'), { ...filter, after });
    return c.json(page(rows, filter.limit, showEntry), 200);
  },
);

function showEntry({ id, user, action, resourceType, resourceId, changes, requestId, createdAt }: AuditRow) {
  return { id, user, action, resourceType, resourceId, changes, requestId, createdAt };
}

/** Routes of the audit log. */
export const auditLogRoutes = [list];
