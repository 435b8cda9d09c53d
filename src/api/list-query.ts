import { z } from '@hono/zod-openapi';

/** What every list takes. */
export const listQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50).openapi({ description: 'Items a page' }),
  cursor: z.string().max(12_000).optional().openapi({ description: '`nextCursor` of the page before' }),
});

/** The answer of a list. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}
