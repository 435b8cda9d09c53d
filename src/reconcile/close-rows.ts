import { setTimeout as sleep } from 'node:timers/promises';
import { classifyFailure } from '../mirror/classify-failure.ts';
import { closeExecution } from '../mirror/close-execution.ts';
import type { RunEnd } from '../mirror/close-execution.ts';
import type { Database } from '../store/database.ts';

const TRIES = 5;

/**
 * Closes what hangs on an ended execution in one transaction, again when it met another writer.
 * @throws Problem DATABASE_UNAVAILABLE
 */
export async function closeRows(database: Database, end: RunEnd): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await database.asEngine((session) => closeExecution(session, end), { asyncCommit: true });
      return;
    } catch (error) {
      if (attempt === TRIES || classifyFailure(error) !== 'conflict') throw error;
      await sleep(attempt * 10 * Math.random());
    }
  }
}
