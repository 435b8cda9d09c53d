import type { Logger } from '../log.ts';
import { passOnSql } from '../operations/pass-on-sql.ts';
import { passOn } from '../operations/pass-on.ts';
import { Problem } from '../problem.ts';
import type { Database } from '../store/database.ts';
import { lockOpenCommands } from '../store/commands.ts';
import type { OpenCommand } from '../store/commands.ts';
import type { Temporal } from '../temporal/client.ts';

const BATCH = 20;
/** One that can't be passed on for a reason of its own doesn't hold up the others; it is tried again after so long, ms. */
const SET_ASIDE_MS = 30_000;
/** Whoever ordered it passes it on at once; it is left to them for so long, seconds. */
const LEFT_TO_API = 3;

type Parts = { readonly database: Database; readonly temporal: Temporal; readonly log: Logger };

/**
 * Passes on, each time, what was ordered by SQL, or while Temporal was away; answers true when there may be more.
 * @throws (each time) Problem TEMPORAL_UNAVAILABLE, DATABASE_UNAVAILABLE
 */
export function createCommandPasser(parts: Parts): () => Promise<boolean> {
  const setAside = new Map<string, number>();
  return async () => {
    for (const [id, until] of setAside) if (until < Date.now()) setAside.delete(id);
    const commands = await parts.database.asEngine((session) =>
      lockOpenCommands(session, { limit: BATCH, seconds: LEFT_TO_API, except: [...setAside.keys()] }),
    );
    // Their locks are gone by now: two that pass on the same one change nothing.
    for (const command of commands) {
      try {
        await (isEnd(command) ? passOn(parts, command) : passOnSql(parts, command));
      } catch (error) {
        if (isOutage(error)) throw error;
        parts.log.warn({ err: error, command: command.id, execution: command.executionId }, 'an order waits');
        setAside.set(command.id, Date.now() + SET_ASIDE_MS);
      }
    }
    return commands.length === BATCH;
  };
}

function isOutage(error: unknown): boolean {
  return error instanceof Problem && (error.code === 'TEMPORAL_UNAVAILABLE' || error.code === 'DATABASE_UNAVAILABLE');
}

function isEnd(command: OpenCommand): command is OpenCommand & { readonly action: 'cancel' | 'terminate' } {
  return command.action === 'cancel' || command.action === 'terminate';
}
