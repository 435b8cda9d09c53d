import { isGrpcServiceError } from '@temporalio/client';
import { NamespaceNotFoundError, WorkflowNotFoundError } from '@temporalio/common';
import { Problem } from '../problem.ts';

/** gRPC status codes: https://grpc.github.io/grpc/core/md_doc_statuscodes.html */
export const GRPC = {
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  UNAVAILABLE: 14,
} as const;

const AWAY: readonly number[] = [GRPC.CANCELLED, GRPC.DEADLINE_EXCEEDED, GRPC.RESOURCE_EXHAUSTED, GRPC.UNAVAILABLE];

/** The gRPC status code an error, or what caused it, carries. */
export function grpcCodeOf(error: unknown): number | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (isGrpcServiceError(cause)) return cause.code;
  }
  return undefined;
}

/** Whether Temporal doesn't know the workflow, or knows it as ended. */
export function isNotFound(error: unknown): boolean {
  return error instanceof WorkflowNotFoundError || grpcCodeOf(error) === GRPC.NOT_FOUND;
}

/** Makes a Problem of a Temporal that doesn't answer, or of what a Problem caused; anything else stays what it is. */
export function asProblem(error: unknown): unknown {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause instanceof Problem) return cause;
  const isAway = AWAY.includes(grpcCodeOf(error) ?? -1) || error instanceof NamespaceNotFoundError;
  if (!isAway) return error;
  return new Problem('TEMPORAL_UNAVAILABLE', 'Temporal does not answer; nothing is wrong with the request.', {
    cause: error,
  });
}
