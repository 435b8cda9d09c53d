import type { Fact } from '../mirror/record.ts';
import type { Writer } from '../mirror/writer.ts';

/** How long facts may take to be written, ms. */
const PATIENCE_MS = 10_000;
/** Facts written at a time: of more than it has room for the writer gives some up, and a large execution is never confirmed. */
const AT_A_TIME = 1_000;

/** PostgreSQL didn't take it in time: it is tried again with the next look. */
export class NotWritten extends Error {
  constructor() {
    super('The mirror did not take the facts in time');
    this.name = 'NotWritten';
  }
}

/**
 * Resolves when all facts are in the mirror.
 * @throws NotWritten
 */
export async function writeFacts(writer: Writer, facts: readonly Fact[]): Promise<void> {
  for (let first = 0; first < facts.length; first += AT_A_TIME) {
    if (!(await writer.recordAndWait(facts.slice(first, first + AT_A_TIME), PATIENCE_MS))) throw new NotWritten();
  }
}
