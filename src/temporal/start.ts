import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { RunInput } from '../contract.ts';
import { timeOfId, workflowIdOf } from '../ids.ts';
import { Problem } from '../problem.ts';
import { packInput } from '../run-input.ts';
import { GRPC, grpcCodeOf } from './as-problem.ts';
import { describeWorkflow, isOfAnother } from './describe.ts';
import type { Link } from './link.ts';

/** Temporal shows at most 200 bytes. */
const MAX_SUMMARY = 200;

/**
 * Starts an execution, at most once whoever asks however often: one that was started before counts as started.
 * Returns its run id.
 * @throws Problem TEMPORAL_UNAVAILABLE, INPUT_INVALID when Temporal refuses it for good, CONFLICT when an execution of that
 * id, deleted since, is still known to Temporal
 */
export async function startWorkflow(
  link: Link,
  input: RunInput,
  options: { readonly title: string; readonly timeout: number },
): Promise<string> {
  const { workflow: workflowType, version, createdAt: acceptedAt } = input.execution;
  const workflowId = workflowIdOf(input.tenant, input.execution.id);
  // A title that is the name says no more than Temporal shows as the type.
  const title = options.title === workflowType ? undefined : options.title;
  const isTimeInId = timeOfId(input.execution.id) === acceptedAt;
  try {
    return await link.within(options.timeout, async () => {
      const handle = await link.workflows.start(workflowType, {
        workflowId,
        taskQueue: link.taskQueue,
        args: [packInput(input, { workflowId, workflowType, acceptedAt })],
        // Together they mean once: USE_EXISTING alone starts an id again whose run has ended.
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        ...(title !== undefined && {
          staticSummary: cut(title),
          staticDetails: `${title}\n\n${workflowType} ${version}`,
        }),
        // The summary doesn't survive continue-as-new.
        memo: { ...(!isTimeInId && { acceptedAt }), ...(title !== undefined && { title }) },
      });
      return handle.firstExecutionRunId;
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) {
      const known = await describeWorkflow(link, workflowId);
      if (known && isOfAnother(known, input.execution.createdAt)) throw taken(input, known.acceptedAt);
      if (known) return known.firstRunId;
    }
    if (grpcCodeOf(error) !== GRPC.INVALID_ARGUMENT) throw error;
    throw new Problem('INPUT_INVALID', `Temporal refuses to start it: ${messageOf(error)}`, { cause: error });
  }
}

function taken({ execution }: RunInput, acceptedAt: string): Problem {
  return new Problem(
    'CONFLICT',
    `Temporal still keeps an execution '${execution.id}', accepted at ${acceptedAt} and deleted since: take another id.`,
  );
}

/** Without half a character at the end. */
function cut(text: string): string {
  return Buffer.from(text)
    .subarray(0, MAX_SUMMARY)
    .toString('utf8')
    .replace(/\ufffd$/, '');
}

function messageOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}
