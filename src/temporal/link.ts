import { Connection, WorkflowClient, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import { asProblem } from './as-problem.ts';

export type TemporalOptions = {
  /** host:port of the frontend. */
  readonly address: string;
  readonly namespace: string;
  /** Task queue of this installation: where its executions are started and by what they are found. */
  readonly taskQueue: string;
  /** Turns TLS on. */
  readonly apiKey?: string;
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
  readonly close: () => Promise<void>;
};

/** A blip is tried again, an outage is told at once: whoever called knows better when to come back. */
const TRIES = 3;

/** Connects when first used, and again within a second after Temporal is back: the process starts without it. */
export function createLink({ address, namespace, taskQueue, apiKey }: TemporalOptions): Link {
  const connection = Connection.lazy({
    address,
    ...(apiKey !== undefined && { apiKey }),
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: TRIES }))],
    channelArgs: { 'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 1_000 },
  });
  return {
    namespace,
    taskQueue,
    workflows: new WorkflowClient({ connection, namespace }),
    service: connection.workflowService,
    within: async (ms, work) => {
      try {
        return await connection.withDeadline(Date.now() + ms, work);
      } catch (error) {
        throw asProblem(error);
      }
    },
    close: () => connection.close(),
  };
}
