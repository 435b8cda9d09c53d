import type { Logger } from '../log.ts';
import type { RunEnd } from '../mirror/close-executions.ts';
import { dropVotes } from '../mirror/drop-votes.ts';
import type { Writer } from '../mirror/writer.ts';
import type { Database } from '../store/database.ts';
import type { FoldParts } from './fold-chain.ts';
import { foldChain } from './fold-chain.ts';
import { writeFacts } from './write-facts.ts';

/**
 * Makes the tasks and approvals of an ended execution right from the histories of its runs, first to last; what a later
 * one says wins. One that doesn't replay leaves what it alone would tell as it is.
 * @returns whether all of them did
 * @throws NotWritten, Problem TEMPORAL_UNAVAILABLE, DATABASE_UNAVAILABLE
 */
export async function repair(
  parts: FoldParts & { readonly database: Database; readonly writer: Writer; readonly log: Logger },
  end: RunEnd,
  chain: readonly string[],
): Promise<boolean> {
  const unfolded: string[] = [];
  const key = { tenant: end.tenant, id: end.executionId };
  const warn = (run: string, err: unknown): void => {
    unfolded.push(run);
    parts.log.warn({ err, execution: end.executionId, run }, 'a history could not be folded');
  };
  const voters = new Map<string, readonly string[]>();
  for await (const facts of foldChain(parts, key, { chain, end }, warn)) {
    await writeFacts(parts.writer, facts);
    for (const fact of facts)
      if (fact.kind === 'approval')
        voters.set(
          fact.approval.id,
          fact.approval.votes.map(({ user }) => user),
        );
  }
  const told = [...voters].map(([id, who]) => ({ id, voters: who }));
  if (unfolded.length === 0 && told.length > 0)
    await parts.database.asEngine((session) => dropVotes(session, end.tenant, told));
  return unfolded.length === 0;
}
