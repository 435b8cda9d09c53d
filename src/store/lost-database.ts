import pg from 'pg';
import { Problem } from '../problem.ts';

/** Connection exceptions; a primary that became a standby; out of connections; shutting down, starting up, dropped. */
const LOST_STATES = /^(?:08|25006|53300|57P0[1-5])/;
const LOST_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);
/** What `pg` says without a code. */
const LOST_MESSAGES =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Client was closed|This socket has been ended)/;

/** What a kept statement answers was changed by a migration: a new connection knows better. */
const OUTDATED = /^cached plan must not change result type/;

/** Whether an error of `pg` says that there is no PostgreSQL to talk to, rather than that it refused something. */
export function isLost(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return LOST_STATES.test(error.code ?? '') || OUTDATED.test(error.message);
  if (error instanceof AggregateError) return error.errors.some(isLost);
  if (!(error instanceof Error)) return false;
  return ('code' in error && LOST_CODES.has(String(error.code))) || LOST_MESSAGES.test(error.message);
}

/** Makes a Problem of a lost database; anything else stays what it is. */
export function asProblem(error: unknown): unknown {
  if (!isLost(error)) return error;
  return new Problem('DATABASE_UNAVAILABLE', 'PostgreSQL does not answer; nothing is wrong with the request.', {
    cause: error,
  });
}
