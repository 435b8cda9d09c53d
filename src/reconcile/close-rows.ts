import { setTimeout as sleep } from 'node:timers/promises';
import { classifyFailure } from '../mirror/classify-failure.ts';
import { closeExecutions } from '../mirror/close-executions.ts';
import type { RunEnd } from '../mirror/close-executions.ts';
import type { Database } from '../store/database.ts';

const TRIES = 5;

/**
 * Closes what hangs on ended executions in one transaction, again when it met another writer. It is on disk then: the end
 * itself is written afterwards, and again when PostgreSQL crashes, and nobody looks at one that has it.
 * @throws Problem DATABASE_UNAVAILABLE
 */
export async function closeRows(database: Database, ends: readonly RunEnd[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await database.asEngine((session) => closeExecutions(session, ends));
      return;
    } catch (error) {
      if (attempt === TRIES || classifyFailure(error) !== 'conflict') throw error;
      await sleep(attempt * 10 * Math.random());
    }
  }
}
