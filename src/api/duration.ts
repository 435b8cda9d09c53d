import { z } from '@hono/zod-openapi';
import { parseDuration } from '../plan/duration.ts';

/** Longer than that no request is kept waiting, ms. */
const LONGEST_WAIT_MS = 120_000;

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

/** How long a request may wait for an execution's end, ms. */
export const wait = duration
  .transform((ms) => Math.min(ms, LONGEST_WAIT_MS))
  .openapi({ description: 'Answers when it has ended, after this long (at most 2 minutes) at the latest' });
