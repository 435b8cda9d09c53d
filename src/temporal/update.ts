import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { ApprovalState, Updates } from '../contract.ts';
import { Problem } from '../problem.ts';
import type { ProblemCode } from '../problem.ts';
import { GRPC, grpcCodeOf, isNotFound } from './as-problem.ts';
import { describeWorkflow } from './describe.ts';
import type { Link } from './link.ts';

/** What a validator may answer, as a problem. */
const REFUSALS: readonly ProblemCode[] = [
  'ALREADY_DECIDED',
  'FORBIDDEN',
  'CONFLICT',
  'NOT_FOUND',
  'INPUT_INVALID',
  'EXECUTION_ENDED',
  'TOO_LARGE',
];
/** Type Temporal gives to an update that was taken by a run which then ended without answering it. */
const TAKEN_AND_ENDED = 'AcceptedUpdateCompletedWorkflow';
const PAUSE_MS = 50;

/**
 * Sends an update to the latest run and waits for its answer; the same `updateId` again gets the same answer.
 * @throws Problem as the workflow's validator refuses, EXECUTION_ENDED, NOT_FOUND when Temporal doesn't know it,
 * WORKER_UNAVAILABLE when no worker takes it within `timeout` ms, TEMPORAL_UNAVAILABLE
 */
export async function updateWorkflow<Name extends keyof Updates>(
  link: Link,
  update: { readonly name: Name; readonly workflowId: string; readonly request: Updates[Name]['request'] },
  options: { readonly updateId: string; readonly timeout: number },
): Promise<Updates[Name]['answer']> {
  const { name, workflowId, request } = update;
  const end = Date.now() + options.timeout;
  for (;;) {
    try {
      const handle = link.workflows.getHandle(workflowId);
      return await link.within(Math.max(end - Date.now(), 1), () =>
        handle.executeUpdate<Updates[Name]['answer'], [Updates[Name]['request']]>(name, {
          args: [request],
          updateId: options.updateId,
        }),
      );
    } catch (error) {
      if (error instanceof WorkflowUpdateFailedError) throw refusalOf(error);
      if (isNotFound(error)) await checkIsOpen(link, workflowId);
      else if (!isBetweenRuns(error)) throw await lateness(link, error);
      if (Date.now() >= end) throw noWorker(error);
      await sleep(PAUSE_MS);
    }
  }
}

/** A run that is about to close or to continue as new takes no updates: the next one does. */
function isBetweenRuns(error: unknown): boolean {
  const code = grpcCodeOf(error);
  return code === GRPC.FAILED_PRECONDITION || code === GRPC.ABORTED;
}

async function checkIsOpen(link: Link, workflowId: string): Promise<void> {
  const run = await describeWorkflow(link, workflowId);
  if (!run) throw new Problem('NOT_FOUND', 'Temporal has no such execution.');
  if (run.closeTime !== null && run.status !== 'CONTINUED_AS_NEW') throw ended();
}

/** Nobody answered in time: either there is no worker, or no Temporal. */
async function lateness(link: Link, error: unknown): Promise<unknown> {
  if (grpcCodeOf(error) !== GRPC.DEADLINE_EXCEEDED) return error;
  await link.within(1_000, () => link.service.getSystemInfo({}));
  return noWorker(error);
}

function refusalOf(error: WorkflowUpdateFailedError): unknown {
  const { cause } = error;
  if (!(cause instanceof ApplicationFailure)) return error;
  if (cause.type === TAKEN_AND_ENDED) return ended();
  const code = REFUSALS.find((known) => known === cause.type);
  if (code === undefined) return error;
  const state = cause.details?.[0] as ApprovalState | undefined;
  return new Problem(code, cause.message, state ? { extra: { approval: state }, cause } : { cause });
}

function ended(): Problem {
  return new Problem('EXECUTION_ENDED', 'The execution has ended.');
}

function noWorker(cause: unknown): Problem {
  return new Problem('WORKER_UNAVAILABLE', 'No worker took it in time; nothing is lost, try again.', { cause });
}
