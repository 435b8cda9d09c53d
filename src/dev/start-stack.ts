/** Brings the whole local stack up in order, keeps it up, and takes it down in the reverse order. */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { readLocalSettings } from '../config.ts';
import { buildParts } from './build-parts.ts';
import { projectDirectory } from './entry-points.ts';
import { markProcess } from './process-mark.ts';
import type { ReadyFile } from './ready-file.ts';
import { saveExamples } from './save-examples.ts';
import { prepareDatabase } from './stack-database.ts';
import { claimDirectory } from './stack-directory.ts';
import { keepPostgres, keepTemporal, type StackPostgres, type StackTemporal } from './stack-servers.ts';
import { keepApi, keepWorker, type ServiceOptions } from './stack-services.ts';
import { readOrMakeSecrets } from './stack-state.ts';
import { writePrivate } from './write-private.ts';

export type StackOptions = {
  /** Preferred port of the API; the next free one when taken. @default that of the last run, else 8700 */
  readonly port?: number;
  /** @default .weft */
  readonly data?: string;
  /** Forgets the data of earlier runs. */
  readonly fresh?: boolean;
  /** Keeps everything in a temporary directory that goes with the stack. */
  readonly ephemeral?: boolean;
  /** Written when everything answers, and again when a process was restarted. */
  readonly readyFile?: string;
  /** Modules with executors of your own, separated by commas. @default examples/executors/index.ts */
  readonly executors?: string;
  readonly log: (line: string) => void;
  /** Gives up as soon as that can be done cleanly. */
  readonly signal?: AbortSignal;
};

export type Stack = {
  readonly directory: string;
  /** As of now: process ids change with restarts. */
  readonly ready: () => ReadyFile;
  /** PostgreSQL as superuser, or as the login that the environment gives. */
  readonly databaseUrl: string;
  /** API, worker (drained), Temporal, PostgreSQL; then nothing of it runs. */
  readonly stop: () => Promise<void>;
};

/**
 * Starts PostgreSQL, Temporal, the API and the worker and answers when all of them do.
 * @throws StackRunningError when one runs on this data; Error with the log of what doesn't start
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const steps: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) await step();
  };
  try {
    return { ...(await bringUp(options, (step) => steps.push(step))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** `atEnd` takes what is to be done at the end, last in first out. */
async function bringUp(
  options: StackOptions,
  atEnd: (step: () => Promise<unknown>) => void,
): Promise<Omit<Stack, 'stop'>> {
  const { log } = options;
  const { directory, memory } = await claimDirectory(options, atEnd);
  const supervisor = markProcess(process.pid);
  if (supervisor !== undefined) await memory.remember({ supervisor, stopping: false });
  const settings = readLocalSettings();
  const secrets = await readOrMakeSecrets(directory);
  const readyFiles = [join(directory, 'ready.json'), ...(options.readyFile === undefined ? [] : [options.readyFile])];
  const unpublish = () => Promise.all(readyFiles.map((file) => rm(file, { force: true })));
  await unpublish();

  // Until everything answers for the first time there is nothing to publish.
  let publish = () => Promise.resolve();
  const onRestart = () => publish();
  const servers = { directory, durable: options.ephemeral !== true, settings, memory, log, onRestart };
  const postgresStart = keepPostgres(servers);
  atEnd(() => stopPart(postgresStart));
  const temporalStart = keepTemporal(servers);
  atEnd(() => stopPart(temporalStart));
  const [postgres, temporal] = await Promise.all([postgresStart, temporalStart, buildParts()]);
  options.signal?.throwIfAborted();

  const database = await prepareDatabase({ url: postgres.url, own: postgres.part !== undefined }, secrets);
  options.signal?.throwIfAborted();
  const services: ServiceOptions = {
    ...servers,
    databaseUrl: database.serviceUrl,
    temporal: { ...temporal, own: temporal.part !== undefined },
    denyPorts: denyPorts(postgres, temporal),
    executors: findExecutors(options.executors),
    port: options.port,
  };
  const workerStart = keepWorker(services);
  atEnd(() => stopPart(workerStart));
  const apiStart = keepApi(services);
  atEnd(() => stopPart(apiStart));
  const [worker, api] = await Promise.all([workerStart, apiStart]);
  options.signal?.throwIfAborted();

  const ready = (): ReadyFile => ({
    api: api.url,
    key: secrets.developerKey,
    managerKey: secrets.managerKey,
    database: database.localUrl,
    temporal: { address: temporal.address, namespace: temporal.namespace, ui: temporal.ui },
    pids: {
      api: api.part.mark().pid,
      worker: worker.part.mark().pid,
      postgres: postgres.part?.mark().pid ?? null,
      temporal: temporal.part?.mark().pid ?? null,
    },
  });
  const saved = { directory: join(projectDirectory(), 'examples'), api: api.url, key: secrets.developerKey, log };
  await memory.remember({ examples: await saveExamples({ ...saved, saved: memory.state().examples }) });
  publish = async () => {
    for (const file of readyFiles) await writePrivate(file, ready());
  };
  atEnd(async () => {
    await memory.remember({ stopping: true });
    await unpublish();
  });
  await publish();
  return { directory, ready, databaseUrl: postgres.url };
}

/** Stops a part whose start may not have ended yet, or have failed. */
async function stopPart(start: Promise<{ readonly part: { stop: () => Promise<void> } | undefined }>): Promise<void> {
  const started = await start.catch(() => undefined);
  await started?.part?.stop();
}

/** The ports of our own servers, which a definition has no business with. */
function denyPorts(postgres: StackPostgres, temporal: StackTemporal): readonly number[] {
  const own = [
    postgres.part === undefined ? '' : new URL(postgres.url).port,
    temporal.part === undefined ? '' : new URL(`http://${temporal.address}`).port,
    temporal.part === undefined ? '' : new URL(temporal.ui).port,
  ];
  return own.filter((port) => port !== '').map(Number);
}

function findExecutors(given: string | undefined): string | undefined {
  if (given !== undefined) return given.split(',').map(resolveModule).join(',');
  // Beside the sources, or beside what was built from them.
  const examples = join(import.meta.dirname, `../../examples/executors/index${extname(import.meta.filename)}`);
  return existsSync(examples) ? examples : undefined;
}

/** A file as seen from here; the name of a package stays a name. */
function resolveModule(name: string): string {
  return existsSync(resolve(name)) ? resolve(name) : name;
}
