import { z } from '@hono/zod-openapi';
import { parseDuration } from '../plan/duration.ts';

/** A duration such as `30s` or `1h30m`, or ms; read as ms. */
export const duration = z
  .union([z.string().max(50), z.number()])
  .transform((value, context) => {
    const ms = parseDuration(typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value);
    if (ms !== undefined) return ms;
    context.addIssue({ code: 'custom', message: 'It must be a duration such as 30s or 1h30m, or ms.' });
    return z.NEVER;
  })
  .openapi({ type: 'string', example: '30s' });
