import type { Logger } from '../log.ts';
import type { RunEnd } from '../mirror/close-execution.ts';
import type { Writer } from '../mirror/writer.ts';
import type { FoldParts } from './fold-chain.ts';
import { foldChain } from './fold-chain.ts';
import { writeFacts } from './write-facts.ts';

/**
 * Makes the tasks and approvals of an ended execution right from the histories of its runs, first to last; what a later
 * one says wins. One that doesn't replay leaves what it alone would tell as it is.
 * @returns whether all of them did
 * @throws NotWritten, Problem TEMPORAL_UNAVAILABLE
 */
export async function repair(
  parts: FoldParts & { readonly writer: Writer; readonly log: Logger },
  end: RunEnd,
  chain: readonly string[],
): Promise<boolean> {
  let isWhole = true;
  const key = { tenant: end.tenant, id: end.executionId };
  const warn = (run: string, err: unknown): void => {
    isWhole = false;
    parts.log.warn({ err, execution: end.executionId, run }, 'a history could not be folded');
  };
  for await (const facts of foldChain(parts, key, { chain, end }, warn)) await writeFacts(parts.writer, facts);
  return isWhole;
}
