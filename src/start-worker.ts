import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { GracefulShutdownPeriodExpiredError, NativeConnection, Worker } from '@temporalio/worker';
import type { InjectedSinks } from '@temporalio/worker';
import { checkCatalog, createBuiltIn } from '../activities/catalog.ts';
import type { Executor } from '../activities/define-executor.ts';
import { createHandOver } from '../activities/hand-over.ts';
import { recordAttempts } from '../activities/record-attempts.ts';
import { createActivity } from '../activities/run-executor.ts';
import type { Config } from './config.ts';
import { readConfig } from './config.ts';
import type { Transition } from './contract.ts';
import { HAND_OVER } from './contract.ts';
import type { Logger } from './log.ts';
import { createLog } from './log.ts';
import { factsOf } from './mirror/from-transition.ts';
import type { Subject } from './mirror/record.ts';
import type { Writer } from './mirror/writer.ts';
import { createWriter } from './mirror/writer.ts';
import { createDatabase } from './store/database.ts';
import { findBundle } from './temporal/find-bundle.ts';

export type StartWorkerOptions = {
  /** Your own executors, beside the built-in ones. */
  readonly executors?: readonly Executor[];
  /** @default read from the environment */
  readonly config?: Config;
  readonly log?: Logger;
};

export type RunningWorker = {
  /** Stops taking work; what runs has {@link GRACE_MS} to end. */
  readonly stop: () => void;
  /** Resolves when all that ran has ended and the mirror was told. */
  readonly done: Promise<void>;
};

/** From a stop until running activities are cancelled, and until they are given up. */
const GRACE_MS = 5_000;
const FORCE_MS = 8_000;
/**
 * The SDK cuts off a workflow after 5 s in one go; doing so corrupts Node's async hooks, which ends the process. On a slow
 * machine its task rather times out: that it comes to an end the interpreter sees to. The option works, untyped.
 */
const PATIENCE = { isolateExecutionTimeout: '1m' };
/** Longest pause between two tries to reach Temporal at the start. */
const MAX_PAUSE_MS = 5_000;

/**
 * Starts a worker and resolves as soon as it takes work; waits while Temporal is away. SIGINT and SIGTERM stop it in order.
 * @throws Error on a bad setting, executors of one name, or a missing build
 */
export async function startWorker(options: StartWorkerOptions = {}): Promise<RunningWorker> {
  const { executors = [], config = readConfig() } = options;
  const log = options.log ?? createLog({ name: 'weft-worker', level: config.WEFT_LOG_LEVEL });
  const catalog = checkCatalog([...createBuiltIn(reachOf(config)), ...executors]);
  const codePath = findBundle();
  const database = createDatabase({
    url: config.DATABASE_URL,
    // The writer has one commit under way at a time.
    maxConnections: 2,
    name: 'weft-worker',
  });
  const writer = createWriter(database, { warn: (fields, message) => log.warn(fields, message) });
  const connection = await untilItWorks(log, () => connect(config));
  const identity = `${process.pid}@${hostname()}`;
  const worker = await untilItWorks(log, () =>
    Worker.create({
      connection,
      namespace: config.TEMPORAL_NAMESPACE,
      // One queue for workflows and activities: an activity is then handed to the worker that asked for it (eager).
      taskQueue: config.WEFT_TASK_QUEUE,
      identity,
      workflowBundle: { codePath },
      activities: {
        ...Object.fromEntries(catalog.map((executor) => [executor.name, createActivity(executor, writer)])),
        [HAND_OVER]: createHandOver(writer),
      },
      sinks: mirrorSinks(writer),
      interceptors: { activity: [recordAttempts(writer, identity)] },
      ...PATIENCE,
      // An execution that falls out of the cache is replayed from its start; one takes 110 to 280 kB.
      maxCachedWorkflows: 1_000,
      // Most wait for others: twice a foreach's window.
      maxConcurrentActivityTaskExecutions: 200,
      maxConcurrentLocalActivityExecutions: 200,
      shutdownGraceTime: GRACE_MS,
      shutdownForceTime: FORCE_MS,
    }),
  );
  return {
    stop: () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
    },
    done: runToEnd(worker, async () => {
      await writer.close();
      await database.close();
      await connection.close();
    }),
  };
}

/** What the settings let the `http` executor reach. */
export function reachOf(config: Config): { readonly allowPrivate: boolean; readonly denyPorts: readonly number[] } {
  const ports = config.WEFT_HTTP_DENY_PORTS.split(',').map((port) => port.trim());
  return { allowPrivate: config.WEFT_HTTP_ALLOW_PRIVATE, denyPorts: ports.filter((port) => port !== '').map(Number) };
}

async function connect(config: Config): Promise<NativeConnection> {
  const { TEMPORAL_ADDRESS: address, TEMPORAL_API_KEY: apiKey } = config;
  return await NativeConnection.connect(apiKey === undefined ? { address } : { address, apiKey, tls: true });
}

/** Repeats until Temporal is there: ending instead would only have somebody start us again. */
async function untilItWorks<T>(log: Logger, work: () => Promise<T>): Promise<T> {
  for (let pause = 250; ; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      // What isn't about the connection doesn't pass by waiting.
      if (!(error instanceof Error && error.name === 'TransportError')) throw error;
      log.warn({ reason: error.message }, 'Temporal does not answer; trying again');
      await sleep(pause);
    }
  }
}

async function runToEnd(worker: Worker, close: () => Promise<void>): Promise<void> {
  try {
    await worker.run();
  } catch (error) {
    // What didn't end in time is tried again elsewhere.
    if (!(error instanceof GracefulShutdownPeriodExpiredError)) throw error;
  } finally {
    await close();
  }
}

type MirrorSinks = { readonly mirror: { transition: (subject: Subject, transition: Transition) => void } };

/** Live hints, straight from the running workflow: the mirror shows a step before anything is handed over. */
function mirrorSinks(writer: Writer): InjectedSinks<MirrorSinks> {
  return {
    mirror: {
      transition: {
        fn: ({ runId }, subject, transition) => {
          writer.record(factsOf(subject, transition, 0, runId));
        },
        callDuringReplay: false,
      },
    },
  };
}
