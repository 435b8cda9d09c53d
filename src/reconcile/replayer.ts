import type { History } from '@temporalio/common/lib/proto-utils.js';
import type { Transition } from '../contract.ts';
import type { Logger } from '../log.ts';
import { findBundle } from '../temporal/find-bundle.ts';
import type { LeanWorker } from '../lean-worker.ts';

/** Runs histories through the interpreter itself. */
export type Replayer = {
  /**
   * All transitions that a history's run has told live, with their original times.
   * @throws Error when it doesn't replay, as other code made it, or the bundle isn't there
   */
  readonly replay: (history: History) => Promise<readonly Transition[]>;
  /** Ends once what waits is replayed. */
  readonly close: () => Promise<void>;
};

type Job = {
  readonly id: string;
  readonly history: History;
  readonly told: Transition[];
  readonly resolve: (told: readonly Transition[]) => void;
  readonly reject: (error: unknown) => void;
};

/** Without work for so long, its worker and the memory it takes are given back, ms. */
const IDLE_MS = 60_000;

/** One replay worker for all histories, from the first that comes: most processes never need one. */
export function createReplayer(
  log: Logger,
  options: {
    /** File of the interpreter. @default the build's */
    readonly codePath?: string;
  } = {},
): Replayer {
  const waiting: Job[] = [];
  const atWork = new Map<string, Job>();
  let count = 0;
  let isClosing = false;
  let running: Promise<void> | undefined;
  let wake: (() => void) | undefined;

  async function next(): Promise<Job | undefined> {
    if (waiting.length === 0 && !isClosing) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, IDLE_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return waiting.shift();
  }

  async function* histories() {
    for (let job = await next(); job; job = await next()) {
      atWork.set(job.id, job);
      yield { workflowId: job.id, history: job.history };
    }
  }

  async function run(): Promise<void> {
    const Worker = await loadWorker(log);
    const fn = ({ workflowId }: { readonly workflowId: string }, _subject: unknown, transition: Transition) => {
      atWork.get(workflowId)?.told.push(transition);
    };
    const replayOptions = {
      workflowBundle: { codePath: options.codePath ?? findBundle() },
      sinks: {
        mirror: {
          transition: { fn, callDuringReplay: true },
          handOver: { fn: () => undefined },
          handOverAhead: { fn: () => undefined },
          barrier: { fn: () => undefined },
        },
      },
      replayName: 'weft-replay',
    };
    for await (const { workflowId, error } of Worker.runReplayHistories(replayOptions, histories())) {
      const job = atWork.get(workflowId);
      atWork.delete(workflowId);
      if (error) job?.reject(error);
      else job?.resolve(job.told);
    }
  }

  function fail(error: unknown): void {
    for (const job of [...atWork.values(), ...waiting.splice(0)]) job.reject(error);
    atWork.clear();
  }

  /** What came while the last one was ending gets another. */
  function start(): void {
    running ??= run()
      .catch(fail)
      .finally(() => {
        running = undefined;
        if (waiting.length > 0) start();
      });
  }

  return {
    replay: (history) =>
      new Promise((resolve, reject) => {
        waiting.push({ id: `replay-${++count}`, history, told: [], resolve, reject });
        start();
        wake?.();
      }),
    close: async () => {
      isClosing = true;
      wake?.();
      await running;
    },
  };
}

/** Temporal's core is loaded late, and says no more than what goes wrong. */
async function loadWorker(log: Logger): Promise<typeof LeanWorker> {
  const sdk = await import('@temporalio/worker');
  try {
    const logger = new sdk.DefaultLogger('WARN', ({ message, meta }) => log.warn(meta ?? {}, message));
    sdk.Runtime.install({ logger, shutdownSignals: [] });
  } catch {
    // The process has one already, with its own logger.
  }
  return (await import('../lean-worker.ts')).LeanWorker;
}
