import { workflowIdOf } from '../ids.ts';
import type { Logger } from '../log.ts';
import type { RunEnd } from '../mirror/close-execution.ts';
import type { Writer } from '../mirror/writer.ts';
import type { Temporal } from '../temporal/client.ts';
import { foldHistory } from './fold.ts';
import type { Replayer } from './replayer.ts';
import { NotWritten, writeFacts } from './write-facts.ts';

/**
 * Makes the tasks and approvals of an ended execution right from the histories of its runs, first to last; what a later
 * one says wins. One that doesn't replay leaves what it alone would tell as it is.
 * @throws NotWritten, Problem TEMPORAL_UNAVAILABLE
 */
export async function repair(
  parts: {
    readonly temporal: Pick<Temporal, 'history'>;
    readonly writer: Writer;
    readonly replayer: Replayer;
    readonly log: Logger;
  },
  end: RunEnd,
  chain: readonly string[],
): Promise<void> {
  const workflowId = workflowIdOf(end.tenant, end.executionId);
  for (const [index, runId] of chain.entries()) {
    // One at a time: each may have 10 MB.
    const history = await parts.temporal.history(workflowId, runId);
    const runNumber = end.runNumber - (chain.length - 1 - index);
    const lastEventId = Number(history.events?.at(-1)?.eventId ?? 0);
    try {
      await writeFacts(
        parts.writer,
        await foldHistory(parts.replayer, history, { ...end, runId, runNumber, lastEventId }),
      );
    } catch (error) {
      if (error instanceof NotWritten) throw error;
      parts.log.warn({ err: error, execution: end.executionId, run: runId }, 'a history could not be folded');
    }
  }
}
