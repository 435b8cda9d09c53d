/** What a stack remembers in its data directory: ports, processes, secrets. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateKey } from '../store/keys.ts';
import type { ProcessMark } from './process-mark.ts';
import { writePrivate } from './write-private.ts';

export type StackPorts = {
  readonly api?: number;
  readonly postgres?: number;
  readonly temporal?: number;
  readonly temporalUi?: number;
};

export type StackState = {
  readonly supervisor?: ProcessMark;
  /** The supervisor is about to end: who waits for it won't wait long. */
  readonly stopping?: boolean;
  readonly api?: ProcessMark;
  readonly worker?: ProcessMark;
  readonly temporal?: ProcessMark;
  /** The ports of the last run, wanted again by the next. */
  readonly ports: StackPorts;
  /** Digest of each example that was saved; one that was deleted later stays deleted. */
  readonly examples: { readonly [file: string]: string };
};

export type StackSecrets = {
  readonly developerKey: string;
  readonly managerKey: string;
  readonly servicePassword: string;
  readonly localPassword: string;
};

const STATE_FILE = 'stack.json';
const SECRETS_FILE = 'keys.json';
/** What `--fresh` deletes, besides PostgreSQL's data. */
export const STACK_FILES = [
  STATE_FILE,
  SECRETS_FILE,
  'ready.json',
  'temporal.db',
  'temporal.db-wal',
  'temporal.db-shm',
  'logs',
];

/** The state as last written; an empty one when there is none or it can't be read. */
export async function readState(directory: string): Promise<StackState> {
  const read = await readJson<StackState>(join(directory, STATE_FILE));
  return { ports: {}, examples: {}, ...read };
}

export async function writeState(directory: string, state: StackState): Promise<void> {
  await writePrivate(join(directory, STATE_FILE), state);
}

/** The secrets of this data directory, made at the first start and the same ever after. */
export async function readOrMakeSecrets(directory: string): Promise<StackSecrets> {
  const found = await readJson<StackSecrets>(join(directory, SECRETS_FILE));
  if (found !== undefined) return found;
  const password = () => randomBytes(18).toString('base64url');
  const secrets = {
    developerKey: generateKey(),
    managerKey: generateKey(),
    servicePassword: password(),
    localPassword: password(),
  };
  await writePrivate(join(directory, SECRETS_FILE), secrets);
  return secrets;
}

async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

export type StackMemory = {
  readonly state: () => StackState;
  /** Changes the state and writes it, one write after the other. */
  readonly remember: (change: Partial<StackState>) => Promise<void>;
};

/** The state of a directory, kept in step with its file. */
export async function openMemory(directory: string): Promise<StackMemory> {
  let state = await readState(directory);
  let writing = Promise.resolve();
  return {
    state: () => state,
    remember: (change) => {
      state = { ...state, ...change };
      const written = state;
      writing = writing.then(() => writeState(directory, written));
      return writing;
    },
  };
}
