import type { Json } from '../src/contract.ts';
import { BREATHE } from '../src/messages.ts';
import { callEngine } from './engine-call.ts';
import type { Host } from './host.ts';

/** Steps of expressions (1 to 5 µs each) after which the next task waits for a new workflow task: in parallel some 560 tasks. */
const DUE = 120_000;
/** In runs that have come so far before it was more. */
const DUE_BEFORE = 100_000;
const LONGER = 'longer-workflow-tasks';
/**
 * Local activities, and characters of their results, in one workflow task: on a machine ten times too busy they still
 * end within its 10 s, or they would be repeated for ever; another task costs about as much as one of them.
 */
const MOST_LOCAL = 120;
/** Of those that go in groups or series, which cost less. */
const MOST_IN_GROUPS = 500;
const MOST_LOCAL_BYTES = 1_200_000;
const TAKES_A_BREATH = 'takes a breath';
/** Most that may be spent at once: 2.5 s at worst, of the 10 s a workflow task has. */
const MOST = 500_000;
/** What a task takes beside its expressions, in steps. */
export const PER_TASK = 200;

/**
 * Cuts long work that waits for nothing (a `foreach` of 20,000 `set`s, many heavy expressions) into workflow tasks, so
 * that it keeps neither its worker nor other executions. Steps don't depend on the clock: a replay waits at the same
 * places.
 */
export type Breath = {
  readonly spend: (steps: number) => void;
  /** What a local activity gave: a killed worker does again all since the last workflow task, so there may not be many. */
  readonly spendLocal: (result: Json) => void;
  /** The same for a local task that went in a group or a series. */
  readonly spendInGroup: (result: Json) => void;
  /** Steps that may be spent before the next breath. */
  readonly left: () => number;
  /** Ask right before what spends, with no await between, and again after each rest: others may have gone on first. */
  readonly isDue: () => boolean;
  /** The same for what evaluates and starts nothing: how many local activities there were is all one to it. */
  readonly isDueToEvaluate: () => boolean;
  /** Rejects when the host's scope is cancelled. */
  readonly rest: (host: Host) => Promise<void>;
};

/** From this engine version on; before, it was a timer of 1 ms, which Temporal fires after a second. */
const BY_ACTIVITY = 2;

/** @param onRested called in the new workflow task: what came of local activities before it stands in the history now */
export function createBreath(root: Host, engineVersion: number, onRested: () => void): Breath {
  let spent = 0;
  /** Of it for local activities. */
  let local = 0;
  let longer: boolean | undefined;
  let resting: Promise<void> | undefined;

  async function rest(): Promise<void> {
    if (engineVersion < BY_ACTIVITY) await root.sleep(1, TAKES_A_BREATH);
    else await callEngine(root, BREATHE, TAKES_A_BREATH, null);
    spent = 0;
    local = 0;
    resting = undefined;
    onRested();
  }

  const isPast = (steps: number): boolean => steps >= DUE || (steps >= DUE_BEFORE && !isLonger());
  const isDue = (): boolean => isPast(spent);

  /** Asked where it makes a difference only: the answer is kept in the history. */
  function isLonger(): boolean {
    return (longer ??= root.patched(LONGER));
  }

  /** @param most of such in one workflow task */
  function spendOne(result: Json, most: number): void {
    const steps = Math.max(DUE / most, (JSON.stringify(result).length / MOST_LOCAL_BYTES) * DUE);
    spent += steps;
    local += steps;
  }

  return {
    spend: (steps) => void (spent += steps),
    spendLocal: (result) => spendOne(result, MOST_LOCAL),
    spendInGroup: (result) => spendOne(result, MOST_IN_GROUPS),
    left: () => MOST - (longer === true ? spent - local : spent),
    isDue,
    isDueToEvaluate: () => isDue() && (isPast(spent - local) || !isLonger()),
    rest: (host) => Promise.race([(resting ??= rest()), host.cancelled]),
  };
}
