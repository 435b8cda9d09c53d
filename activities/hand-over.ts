import { activityInfo } from '@temporalio/activity';
import type { HandOver } from '../src/contract.ts';
import { factsOf } from '../src/mirror/from-transition.ts';
import type { Fact } from '../src/mirror/record.ts';
import type { Writer } from '../src/mirror/writer.ts';
import { isEndOfTask } from '../src/transitions.ts';

/** So long the work waits for the mirror; less than the 500 ms that the local activity has. */
const WITHIN_MS = 400;

/** Of more ends of tasks than that the work waits for none: the mirror has each already, as its worker told it. */
const MANY = 100;

/**
 * Takes what the interpreter decided. Says nothing back: with the mirror away the facts stay queued and the work goes on;
 * what is lost with the process, the sweeper repairs.
 */
export async function takeHandOver(
  writer: Pick<Writer, 'record' | 'recordAndWait'>,
  runId: string | undefined,
  handOver: HandOver,
): Promise<void> {
  const { transitions } = handOver;
  const isBehind = transitions.filter(isEndOfTask).length > MANY ? isEndOfTask : () => false;
  const ahead = transitions.filter((transition) => !isBehind(transition));
  await writer.recordAndWait(factsIn({ ...handOver, transitions: ahead }, runId), WITHIN_MS);
  writer.record(factsIn({ ...handOver, transitions: transitions.filter(isBehind) }, runId));
}

/** What a hand-over says, as facts of authority 1. */
export function factsIn({ transitions, ...subject }: HandOver, runId: string | undefined): readonly Fact[] {
  return transitions.flatMap((transition) => factsOf(subject, transition, 1, runId));
}

/** The local activity for those that have to leave a marker in the history. */
export function createHandOver(writer: Writer): (input: HandOver) => Promise<void> {
  return (handOver) => takeHandOver(writer, activityInfo().workflowExecution?.runId, handOver);
}
