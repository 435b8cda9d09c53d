import type {
  ApprovalState,
  ExecutionTransition,
  Json,
  RunInput,
  TaskTransition,
  Transition,
} from '../src/contract.ts';
import { isEndOfTask } from '../src/transitions.ts';
import { showDetails } from './details.ts';
import { handOverTo, isLast } from './hand-over.ts';
import type { Host } from './host.ts';

type Change = Omit<TaskTransition, 'kind'>;

/**
 * Everything the workflow decides, in order: shown live through the host, and handed over to the mirror as facts, all
 * that one moment decides at once, at parking points and at the end.
 */
export type Journal = {
  /** `live: false` where the worker's own record of the attempt says the same already. */
  readonly task: (change: Change, options?: { readonly live?: boolean }) => void;
  readonly approval: (approval: ApprovalState) => void;
  readonly execution: (
    change: Pick<ExecutionTransition, 'status' | 'endedAt' | 'output' | 'error' | 'pausedBy' | 'command'>,
  ) => void;
  /** Names what a task waits for, until `unpark`. */
  readonly park: (path: string, waitingFor: { readonly [key: string]: Json }) => void;
  readonly unpark: (path: string) => void;
  /** Adds to the count of tasks that are through. */
  readonly progress: (tasks: number) => void;
  /** Once it resolves, the workflow goes no further in Temporal before all so far is in the mirror, or the mirror wasn't there in time: never fails. */
  readonly handOver: () => Promise<void>;
  /**
   * Tells, without waiting, how tasks ended that the history has for good, so that the last hand-over of a thousand tasks
   * has less to tell. Whether anybody heard changes neither what is told in all nor what the history holds.
   */
  readonly handOverAhead: () => void;
  /** Leaves a marker in the history, at once: what waits for it comes behind it in each replay, too. Never fails. */
  readonly mark: () => Promise<void>;
  /** What a run that goes on needs to know; whatever was told before has been handed over. */
  readonly state: () => JournalState;
};

/** JSON. */
export type JournalState = { readonly ord: number; readonly completed: number; readonly toldOpen: readonly string[] };

/** What a hand-over carries at most, unless one fact alone is larger. */
const CHUNK = 500;
const CHUNK_BYTES = 1_000_000;
const WHOLE = 'end-told-whole';
/** Turns of the microtask queue in which what this moment decides is recorded, so that all of it goes at once. */
const SETTLING_TURNS = 50;

export function createJournal(input: RunInput, host: Host, startedAt: number, before?: JournalState): Journal {
  const parked = new Map<string, { readonly [key: string]: Json }>();
  let pending: Transition[] = [];
  /** Paths the mirror was told, as a fact, to be open: no live hint outranks that, so their end is handed over too. */
  const toldOpen = new Set<string>(before?.toldOpen);
  let ord = before?.ord ?? 0;
  let completed = before?.completed ?? 0;
  /** Ends of tasks up to this one have been told ahead. */
  let toldAhead = 0;
  let handingOver: Promise<void> = Promise.resolve();

  function record(transition: Transition, live: boolean): void {
    if (isFact(transition)) pending.push(transition);
    if (live) host.report(transition);
  }

  async function handOverAll(): Promise<void> {
    for (let turn = 0; turn < SETTLING_TURNS; turn++) {
      // Whoever waits until nothing moves waits for this, too.
      host.now();
      await Promise.resolve();
    }
    while (pending.length > 0) {
      const parts = cut(pending);
      // The last goes past the history, where its size is none's concern.
      const isWhole = parts.rest.length > 0 && isLast(input.engineVersion, pending) && host.patched(WHOLE);
      const { chunk, rest } = isWhole ? { chunk: pending, rest: [] } : parts;
      pending = rest;
      for (const transition of chunk) {
        if (transition.kind === 'task' && transition.endedAt === null) toldOpen.add(transition.task.path);
      }
      await handOverChunk(chunk);
    }
  }

  function handOverChunk(transitions: readonly Transition[]): Promise<void> {
    return handOverTo(host, input.engineVersion, {
      tenant: input.tenant,
      executionId: input.execution.id,
      executionCreatedAt: input.execution.createdAt,
      // Made even if none is left: a replay, in which nobody heard of them, must make as many.
      transitions: transitions.filter((transition) => !isEndOfTask(transition) || transition.ord > toldAhead),
    });
  }

  function handOverAhead(): void {
    const transitions = pending.filter((transition) => isEndOfTask(transition) && transition.ord > toldAhead);
    if (transitions.length > 0 && host.handOverAhead(transitions)) toldAhead = ord;
  }

  function handOver(): Promise<void> {
    handingOver = handingOver.then(handOverAll);
    return handingOver;
  }

  return {
    task: (change, options) => {
      // Field by field: of each task there are two, and a copy of an object costs several times as much.
      const transition: Transition = {
        ord: ++ord,
        at: host.now(),
        kind: 'task',
        task: change.task,
        status: change.status,
        startedAt: change.startedAt,
        endedAt: change.endedAt,
        attempt: change.attempt,
        maxAttempts: change.maxAttempts,
        input: change.input,
        output: change.output,
        error: change.error,
      };
      record(transition, options?.live ?? true);
      if (change.endedAt !== null && toldOpen.delete(change.task.path)) void handOver();
    },
    approval: (approval) => {
      record({ ord: ++ord, at: host.now(), kind: 'approval', approval }, true);
    },
    execution: (change) => {
      // How the execution is, the one tells that has the shards.
      if (input.shard) return;
      const waits = [...parked].map(([path, waitingFor]) => ({ path, ...waitingFor }));
      const total = input.plan.totalTasks;
      record(
        {
          ord: ++ord,
          at: host.now(),
          kind: 'execution',
          startedAt,
          currentPath: waits[0]?.path ?? null,
          waitingFor: waits,
          completedTasks: change.status === 'success' ? total : Math.min(completed, total),
          totalTasks: total,
          ...change,
        },
        true,
      );
      host.describe(showDetails(input, change.status, completed, waits));
    },
    park: (path, waitingFor) => void parked.set(path, waitingFor),
    unpark: (path) => void parked.delete(path),
    progress: (tasks) => void (completed += tasks),
    handOver,
    handOverAhead,
    mark: () => handOverChunk([]),
    state: () => ({ ord, completed, toldOpen: [...toldOpen] }),
  };
}

/** That a task runs is a hint: as a fact it would outrank what its worker says of its attempts. */
function isFact(transition: Transition): boolean {
  return transition.kind !== 'task' || transition.status !== 'running';
}

/** The first transitions that fit one hand-over (at least one), and the others. */
function cut(transitions: readonly Transition[]): { chunk: Transition[]; rest: Transition[] } {
  let bytes = 0;
  let count = 0;
  for (const transition of transitions) {
    bytes += transition.kind === 'task' ? JSON.stringify(transition).length : 2_000;
    if (count > 0 && (count >= CHUNK || bytes > CHUNK_BYTES)) break;
    count++;
  }
  return { chunk: transitions.slice(0, count), rest: transitions.slice(count) };
}
