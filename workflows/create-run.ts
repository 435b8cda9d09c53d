import type { RunInput } from '../src/contract.ts';
import { createEvaluator } from '../src/expression/evaluate.ts';
import { createApprovals } from './approvals.ts';
import { createBreath } from './breath.ts';
import type { Carried } from './carried.ts';
import { carriedOf } from './carried.ts';
import type { Host } from './host.ts';
import { createJournal } from './journal.ts';
import { createLocalCalls } from './local-calls.ts';
import { createMailbox } from './mailbox.ts';
import type { Outcome } from './outcome.ts';
import { createPauseGate } from './pause.ts';
import type { Run } from './run-state.ts';
import { createSettled } from './settled.ts';
import { createTurnover } from './turnover.ts';

/** A run where it begins: anew, or where the run before has left it. */
export type Begun = {
  readonly run: Run;
  /** Of its tasks; cancelled where the run before was. */
  readonly host: Host;
  /** ms, of the first run. */
  readonly startedAt: number;
  readonly before: Carried | undefined;
};

/** @param settled what another execution has done; a run that goes on has its own */
export function beginRun(input: RunInput, root: Host, settled: { readonly [path: string]: Outcome } = {}): Begun {
  const before = carriedOf(input);
  const host = root.scope();
  if (before?.isCancelled === true) host.cancel();
  const startedAt = before?.startedAt ?? root.now();
  return { run: createRun(input, root, before, settled), host, startedAt, before };
}

/** What all tasks of a run share. */
function createRun(
  input: RunInput,
  root: Host,
  before: Carried | undefined,
  settled: { readonly [path: string]: Outcome },
): Run {
  const journal = createJournal(input, root.shield(), before?.startedAt ?? root.now(), before?.journal);
  const breath = createBreath(root.shield(), input.engineVersion, journal.handOverAhead);
  const table = createSettled(before?.settled ?? settled, before?.open);
  const open = Object.values(before?.open ?? {});
  const children = new Set(open.map((state) => state['childId']));
  const shards = new Set(open.flatMap((state) => (state['shards'] as readonly string[] | undefined) ?? []));
  return {
    input,
    evaluator: createEvaluator({ now: root.now, random: root.random }),
    journal,
    settled: table,
    approvals: createApprovals(journal, before?.approvals),
    pause: createPauseGate(before?.pausedBy),
    breath,
    localCalls: createLocalCalls(root, breath),
    begunEarly: new Map(),
    paces: new Map(),
    turnover: createTurnover(root.shield()),
    events: createMailbox((path) => table.opened(path) !== undefined),
    children: createMailbox((id) => children.has(id)),
    shards: createMailbox((id) => shards.has(id)),
    openShards: new Set(),
    compensations: [...(before?.compensations ?? [])],
    jumps: { taken: before?.jumps ?? 0 },
    isContinued: before !== undefined,
  };
}
