import { z } from '@hono/zod-openapi';
import { route } from '../route.ts';

const executor = z
  .object({
    name: z.string(),
    description: z.string(),
    local: z.boolean().openapi({ description: 'Short and idempotent: may run without a round trip to Temporal' }),
    inputSchema: z.unknown().openapi({ description: 'JSON Schema of what `with` takes' }),
    defaults: z.unknown(),
  })
  .openapi('Executor');

const list = route(
  {
    method: 'get',
    path: '/executors',
    permission: 'executor:read',
    tag: 'executors',
    summary: 'What tasks may call, each with the JSON Schema of its input',
    answers: {
      200: { description: 'All of them', schema: z.object({ items: z.array(executor), nextCursor: z.null() }) },
    },
  },
  (c) => {
    const items = c.get('services').catalog.map(({ name, description, local, inputSchema, defaults }) => {
      return { name, description, local, inputSchema, defaults: defaults ?? {} };
    });
    return c.json({ items, nextCursor: null }, 200);
  },
);

/** Routes of executors. */
export const executorRoutes = [list];
