import { passOnSql } from '../operations/pass-on-sql.ts';
import { passOn } from '../operations/pass-on.ts';
import type { Database } from '../store/database.ts';
import { lockOpenCommands } from '../store/commands.ts';
import type { OpenCommand } from '../store/commands.ts';
import type { Temporal } from '../temporal/client.ts';

const BATCH = 20;
/** Whoever ordered it passes it on at once; it is left to them for so long, seconds. */
const LEFT_TO_API = 3;

/**
 * Passes on what was ordered by SQL, or while Temporal was away; true when there may be more.
 * @throws Problem TEMPORAL_UNAVAILABLE, DATABASE_UNAVAILABLE
 */
export async function passOnCommands(parts: {
  readonly database: Database;
  readonly temporal: Temporal;
}): Promise<boolean> {
  const commands = await parts.database.asEngine((session) => lockOpenCommands(session, BATCH, LEFT_TO_API));
  // Their locks are gone by now: two that pass on the same one change nothing.
  for (const command of commands) {
    if (isEnd(command)) await passOn(parts, command);
    else await passOnSql(parts, command);
  }
  return commands.length === BATCH;
}

function isEnd(command: OpenCommand): command is OpenCommand & { readonly action: 'cancel' | 'terminate' } {
  return command.action === 'cancel' || command.action === 'terminate';
}
