import { z } from '@hono/zod-openapi';
import { route } from '../route.ts';

const profile = z
  .object({
    tenant: z.string(),
    id: z.string(),
    username: z.string(),
    email: z.string(),
    roles: z.array(z.string()),
    groups: z.array(z.string()),
    permissions: z.array(z.string()),
  })
  .openapi('Profile');

const me = route(
  {
    method: 'get',
    path: '/me',
    permission: 'profile:read',
    tag: 'administration',
    summary: 'Whose key this is, and what it may do',
    answers: { 200: { description: 'The user', schema: profile } },
  },
  (c) => {
    const { tenant, userId: id, username, email, roles, groups, permissions } = c.get('principal');
    return c.json({ tenant, id, username, email, roles, groups, permissions: [...permissions] }, 200);
  },
);

/** Routes about the caller. */
export const meRoutes = [me];
