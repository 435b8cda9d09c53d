import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure, ExternalStorage, StorageDriverClaim } from '@temporalio/common';
import type { DataConverter, Payload, StorageDriver, StorageDriverTargetInfo } from '@temporalio/common';
import proto from '@temporalio/proto';
import { INLINE } from '../contract.ts';
import { servedBy } from '../ids.ts';
import { Problem } from '../problem.ts';
import type { PayloadKey, PayloadStore, StoredPayload } from '../store/payloads.ts';
import { createMessageRoom } from './message-room.ts';

const { Payload: PayloadProto } = proto.temporal.api.common.v1;

/** Larger payloads stand in PostgreSQL, and only a reference in Temporal: a history has at most 50 MB. */
const LARGE = 128 * 1024;
/** A reference has about 350 bytes: smaller payloads never leave the history. */
export const SMALL = 1_024;
/** While PostgreSQL is away for so long, ms, what there is room for stands in its reference itself. */
const INLINE_AFTER_MS = 2_000;
const PAUSE_MS = 250;
const JSON_TYPE = 'application/json';
const PROTO_TYPE = 'application/x-protobuf';
/** Of a payload that is JSON: https://github.com/temporalio/api/blob/master/temporal/api/common/v1/message.proto */
const JSON_ENCODING = 'json/plain';

export type PayloadOptions = {
  /** How long PostgreSQL is waited for, ms. @default 0 */
  readonly patience?: number;
};

/**
 * Temporal's external storage on `weft.payloads`: what is larger than 128 kB, or has no room in a message beside others,
 * leaves the history and stands there, once per execution. For the worker and for whoever reads what it wrote.
 */
export function createDataConverter(store: PayloadStore, { patience = 0 }: PayloadOptions = {}): DataConverter {
  const room = createMessageRoom();
  const driver: StorageDriver = {
    name: 'weft',
    type: 'weft.postgres',
    store: async ({ target, abortSignal }, payloads) => {
      const key = executionOf(target);
      if (key === undefined) throw new TypeError('A payload of no execution was to be stored');
      const rows = payloads.map((payload) => ({ ...key, ...contentOf(payload) }));
      try {
        const away = await put(rows, Math.min(patience, INLINE_AFTER_MS), abortSignal);
        if (away === undefined) return rows.map(claimOf);
        // An effect that has happened would else fail, and be repeated, for want of a place for what came of it.
        const claims = rows.map(inlineClaim);
        const size = claims.reduce((sum, { claimData }) => sum + JSON.stringify(claimData).length, 0);
        if (patience > INLINE_AFTER_MS && room.take(runOf(target), size)) return claims;
        const isStillAway = await put(rows, patience - INLINE_AFTER_MS, abortSignal);
        if (isStillAway === undefined) return rows.map(claimOf);
        throw isStillAway;
      } catch (error) {
        throw asFailure(error);
      }
    },
    retrieve: async ({ abortSignal }, claims) => {
      const keys = claims.map(({ claimData }) => claimData as PayloadKey | InlineClaim);
      try {
        const stored = keys.filter((key): key is PayloadKey => !isInlineClaim(key));
        const found = stored.length === 0 ? [] : await waiting(() => store.get(stored), patience, abortSignal);
        const rest = found.values();
        return keys.map((key) => payloadOf(isInlineClaim(key) ? inlineContent(key) : rest.next().value, key));
      } catch (error) {
        throw asFailure(error);
      }
    },
  };

  /** Undefined once they are stored, else why PostgreSQL didn't answer for so long. */
  async function put(rows: readonly StoredPayload[], ms: number, signal?: AbortSignal): Promise<Problem | undefined> {
    return await waiting(() => store.put(rows).then(() => undefined), ms, signal).catch((error: unknown) => {
      if (isAway(error)) return error;
      throw error;
    });
  }

  return {
    externalStorage: new ExternalStorage({
      drivers: [driver],
      driverSelector: ({ target }, payload) => {
        if (payload.metadata?.[INLINE] !== undefined || executionOf(target) === undefined) return null;
        const size = payload.data?.length ?? 0;
        return size <= LARGE && room.take(runOf(target), size) ? null : driver;
      },
      payloadSizeThreshold: SMALL,
    }),
  };
}

function executionOf(target: StorageDriverTargetInfo | undefined): Omit<PayloadKey, 'hash'> | undefined {
  return target?.kind === 'workflow' && target.id !== undefined ? servedBy(target.id) : undefined;
}

/** What its messages are told apart by. */
function runOf(target: StorageDriverTargetInfo | undefined): string {
  return target?.runId ?? target?.id ?? '';
}

/** JSON stands as it is, for people who look at the table; anything else with its metadata. */
function contentOf(payload: Payload): Pick<StoredPayload, 'hash' | 'content' | 'contentType'> {
  const { metadata, data } = payload;
  const isJson = Object.keys(metadata ?? {}).join() === 'encoding' && encodingOf(payload) === JSON_ENCODING;
  const content = Buffer.from(isJson ? (data ?? new Uint8Array()) : PayloadProto.encode(payload).finish());
  return {
    hash: createHash('sha256').update(content).digest('hex'),
    content,
    contentType: isJson ? JSON_TYPE : PROTO_TYPE,
  };
}

function encodingOf({ metadata }: Payload): string {
  return Buffer.from(metadata?.['encoding'] ?? []).toString();
}

function payloadOf(stored: Pick<StoredPayload, 'content' | 'contentType'> | undefined, key: object): Payload {
  if (stored === undefined) {
    throw ApplicationFailure.nonRetryable(`A large value is not in weft.payloads: ${JSON.stringify(key)}`, 'LOST');
  }
  if (stored.contentType === PROTO_TYPE) return PayloadProto.decode(stored.content);
  return { metadata: { encoding: Buffer.from(JSON_ENCODING) }, data: stored.content };
}

function claimOf({ tenant, executionId, hash }: PayloadKey): StorageDriverClaim {
  return new StorageDriverClaim({ tenant, executionId, hash });
}

type InlineClaim = { readonly content: string; readonly contentType: string };

function inlineClaim({ content, contentType }: StoredPayload): StorageDriverClaim {
  return new StorageDriverClaim({ content: content.toString('base64'), contentType });
}

function isInlineClaim(claim: object): claim is InlineClaim {
  return 'content' in claim;
}

function inlineContent({ content, contentType }: InlineClaim): Pick<StoredPayload, 'content' | 'contentType'> {
  return { content: Buffer.from(content, 'base64'), contentType };
}

function isAway(error: unknown): error is Problem {
  return error instanceof Problem && error.code === 'DATABASE_UNAVAILABLE';
}

/** Repeats `work` for so many ms while PostgreSQL is away. */
async function waiting<T>(work: () => Promise<T>, ms: number, signal: AbortSignal | undefined): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isAway(error) || Date.now() >= end || signal?.aborted) throw error;
      await sleep(Math.min(PAUSE_MS, end - Date.now()), undefined, { signal }).catch(() => undefined);
    }
  }
}

/** What a worker shows as the code of an attempt, and for which a workflow task is tried again. */
function asFailure(error: unknown): unknown {
  if (!(error instanceof Problem)) return error;
  return ApplicationFailure.create({ type: error.code, message: error.message, cause: error });
}
