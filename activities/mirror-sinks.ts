import type { InjectedSinks } from '@temporalio/worker';
import type { MirrorSinks } from '../src/messages.ts';
import { factsOf } from '../src/mirror/from-transition.ts';
import type { Writer } from '../src/mirror/writer.ts';
import { factsIn, takeHandOver } from './hand-over.ts';

/** A workflow task waits so long for the mirror, ms. */
const BARRIER_MS = 200;

/**
 * Live hints, straight from the running workflow: the mirror shows a step before anything is handed over. Hand-overs,
 * and the barrier that each workflow task with local tasks ends at: the workflow task waits for both, for what is handed
 * over ahead it doesn't.
 */
export function createMirrorSinks(writer: Writer): InjectedSinks<MirrorSinks> {
  return {
    mirror: {
      transition: {
        fn: ({ runId }, subject, transition) => {
          writer.record(factsOf(subject, transition, 0, runId));
        },
        callDuringReplay: false,
      },
      handOver: { fn: ({ runId }, handOver) => takeHandOver(writer, runId, handOver), callDuringReplay: false },
      barrier: { fn: () => writer.catchUp(BARRIER_MS), callDuringReplay: false },
      handOverAhead: {
        fn: ({ runId }, handOver) => {
          writer.record(factsIn(handOver, runId));
        },
        callDuringReplay: false,
      },
    },
  };
}
