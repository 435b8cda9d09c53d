import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { GracefulShutdownPeriodExpiredError, NativeConnection } from '@temporalio/worker';
import type { Worker, WorkerOptions } from '@temporalio/worker';
import { checkCatalog, createBuiltIn, describeCatalog } from '../activities/catalog.ts';
import { createChildCalls } from '../activities/children.ts';
import type { Executor } from '../activities/define-executor.ts';
import { createEventCalls } from '../activities/event-calls.ts';
import { createHandOver } from '../activities/hand-over.ts';
import { createMirrorSinks } from '../activities/mirror-sinks.ts';
import { createTaskActivities } from '../activities/task-activities.ts';
import type { Config } from './config.ts';
import { readConfig } from './config.ts';
import { HAND_OVER } from './contract.ts';
import type { Logger } from './log.ts';
import { createLog } from './log.ts';
import { BREATHE } from './messages.ts';
import { createWriter } from './mirror/writer.ts';
import { endChild } from './operations/end-child.ts';
import { startChild } from './operations/start-child.ts';
import { createStartNotes } from './operations/start-notes.ts';
import { createDatabase } from './store/database.ts';
import { createPayloadStore } from './store/payloads.ts';
import { createTemporal } from './temporal/client.ts';
import { setFirstBuild } from './temporal/deployments.ts';
import { findBundle } from './temporal/find-bundle.ts';
import { createDataConverter, SMALL } from './temporal/payloads.ts';
import { passOverSmallPayloads } from './lean-payloads.ts';
import { LeanWorker } from './lean-worker.ts';

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
/** A workflow task that can't store or read a large value is tried again after so long, ms; so is an attempt. */
const PAYLOAD_PATIENCE_MS = 30_000;
/** From a worker's first poll until Temporal knows its build, at most, ms. */
const FIRST_BUILD_MS = 30_000;
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
    // The writer has one commit under way at a time; the others are for large values.
    maxConnections: 4,
    name: 'weft-worker',
  });
  // The engine's own calls have theirs: many at once must not keep the writer waiting.
  const callDatabase = createDatabase({ url: config.DATABASE_URL, maxConnections: 4, name: 'weft-worker-calls' });
  const calls = {
    database: callDatabase,
    temporal: createTemporal({
      address: config.TEMPORAL_ADDRESS,
      namespace: config.TEMPORAL_NAMESPACE,
      taskQueue: config.WEFT_TASK_QUEUE,
      payloads: createPayloadStore(callDatabase),
      ...(config.TEMPORAL_API_KEY !== undefined && { apiKey: config.TEMPORAL_API_KEY }),
    }),
    catalog: describeCatalog(catalog),
    localActivities: config.WEFT_LOCAL_ACTIVITIES,
    startNotes: createStartNotes(callDatabase),
  };
  const writer = createWriter(database, { warn: (fields, message) => log.warn(fields, message) });
  const connection = await untilItWorks(log, () => connect(config));
  const identity = `${process.pid}@${hostname()}`;
  const tasks = createTaskActivities(catalog, writer, identity);
  passOverSmallPayloads(SMALL);
  const worker = await untilItWorks(log, () =>
    LeanWorker.create({
      connection,
      namespace: config.TEMPORAL_NAMESPACE,
      // One queue for workflows and activities: an activity is then handed to the worker that asked for it (eager).
      taskQueue: config.WEFT_TASK_QUEUE,
      identity,
      ...versioningOf(config),
      workflowBundle: { codePath },
      dataConverter: createDataConverter(createPayloadStore(database), { patience: PAYLOAD_PATIENCE_MS }),
      activities: {
        ...tasks.activities,
        [HAND_OVER]: createHandOver(writer),
        ...createChildCalls({ start: (call) => startChild(calls, call), end: (order) => endChild(calls, order) }),
        ...createEventCalls(calls.database),
        [BREATHE]: () => Promise.resolve(null),
      },
      sinks: createMirrorSinks(writer),
      interceptors: { activity: [tasks.interceptor] },
      // A decision waits 10 s for its answer: what a killed worker had in its cache goes to another one before.
      stickyQueueScheduleToStartTimeout: 5_000,
      // An execution that falls out of the cache is replayed from its start; one takes 110 to 280 kB.
      maxCachedWorkflows: 1_000,
      // Most wait for others: twice a foreach's window.
      maxConcurrentActivityTaskExecutions: 200,
      maxConcurrentLocalActivityExecutions: 200,
      shutdownGraceTime: GRACE_MS,
      shutdownForceTime: FORCE_MS,
    }),
  );
  const done = runToEnd(worker, async () => {
    await Promise.all([writer.close(), calls.startNotes.flush()]);
    await Promise.all([database.close(), callDatabase.close(), calls.temporal.close()]);
    await connection.close();
  });
  // Who waits for it hears of it.
  done.catch(() => undefined);
  await becomeFirstBuild(config, connection, log);
  return {
    stop: () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
    },
    done,
  };
}

/** What the settings let the `http` executor reach. */
export function reachOf(config: Config): { readonly allowPrivate: boolean; readonly denyPorts: readonly number[] } {
  const ports = config.WEFT_HTTP_DENY_PORTS.split(',').map((port) => port.trim());
  return { allowPrivate: config.WEFT_HTTP_ALLOW_PRIVATE, denyPorts: ports.filter((port) => port !== '').map(Number) };
}

/**
 * Worker Deployment Versioning: an execution stays with the build it started on. Said by the worker alone: in the
 * workflow's options it makes a worker without versioning try each task again for ever.
 * @throws Error when only one of the two settings is there
 */
export function versioningOf(config: Config): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  const { WEFT_DEPLOYMENT: deploymentName, WEFT_BUILD_ID: buildId } = config;
  if (deploymentName === undefined && buildId === undefined) return {};
  if (deploymentName === undefined || buildId === undefined) {
    throw new Error('WEFT_DEPLOYMENT and WEFT_BUILD_ID belong together: set both or none');
  }
  return {
    workerDeploymentOptions: {
      version: { deploymentName, buildId },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'PINNED',
    },
  };
}

/** Without a current build a deployment's queue would never be served: the first one makes itself current. */
async function becomeFirstBuild(config: Config, connection: NativeConnection, log: Logger): Promise<void> {
  const { WEFT_DEPLOYMENT: name, WEFT_BUILD_ID: buildId, TEMPORAL_NAMESPACE: namespace } = config;
  if (name === undefined || buildId === undefined) return;
  try {
    const deployment = { service: connection.workflowService, namespace, name };
    const isCurrent = await setFirstBuild(deployment, buildId, FIRST_BUILD_MS);
    if (!isCurrent)
      log.info({ name, buildId }, 'another build is current: `weft deployments set-current` changes that');
  } catch (error) {
    log.warn({ name, buildId, reason: String(error) }, 'no build is current: run `weft deployments set-current`');
  }
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
