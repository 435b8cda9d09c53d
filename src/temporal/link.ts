import { Connection, WorkflowClient, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import type { PayloadStore } from '../store/payloads.ts';
import { asProblem } from './as-problem.ts';
import { createDataConverter } from './payloads.ts';
import { resolvePayloads } from './resolve-payloads.ts';

export type TemporalOptions = {
  /** host:port of the frontend. */
  readonly address: string;
  readonly namespace: string;
  /** Task queue of this installation: where its executions are started and by what they are found. */
  readonly taskQueue: string;
  /** Turns TLS on. */
  readonly apiKey?: string;
  /** Where large values stand, as the worker has it. @default none: what holds one can't be read */
  readonly payloads?: PayloadStore;
};

/** The way to one Temporal: what every call of `src/temporal` goes through. */
export type Link = {
  readonly namespace: string;
  readonly taskQueue: string;
  readonly workflows: WorkflowClient;
  /** Raw gRPC. */
  readonly service: Connection['workflowService'];
  /**
   * Runs calls that together may take `ms`.
   * @throws Problem TEMPORAL_UNAVAILABLE when Temporal doesn't answer in time; what it refused stays as it is
   */
  readonly within: <T>(ms: number, work: () => Promise<T>) => Promise<T>;
  /** Puts large values back into events, in place. @throws Problem DATABASE_UNAVAILABLE */
  readonly resolve: (events: temporal.api.history.v1.IHistoryEvent[]) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** A blip is tried again, an outage is told at once: whoever called knows better when to come back. */
const TRIES = 3;

/** Connects when first used, and again within a second after Temporal is back: the process starts without it. */
export function createLink({ address, namespace, taskQueue, apiKey, payloads }: TemporalOptions): Link {
  const dataConverter = payloads === undefined ? {} : createDataConverter(payloads);
  const connection = Connection.lazy({
    address,
    ...(apiKey !== undefined && { apiKey }),
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: TRIES }))],
    channelArgs: { 'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 1_000 },
  });
  return {
    namespace,
    taskQueue,
    workflows: new WorkflowClient({ connection, namespace, dataConverter }),
    service: connection.workflowService,
    within: async (ms, work) => {
      try {
        return await connection.withDeadline(Date.now() + ms, work);
      } catch (error) {
        throw asProblem(error);
      }
    },
    resolve: (events) =>
      resolvePayloads(events, dataConverter).catch((error: unknown) => {
        throw asProblem(error);
      }),
    close: () => connection.close(),
  };
}
