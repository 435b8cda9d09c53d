import { defaultPayloadConverter } from '@temporalio/common';
import type { WorkflowInterceptors } from '@temporalio/workflow';
import { workflowInfo } from '@temporalio/workflow';
import type { TaskHeader } from '../src/contract.ts';
import { PACKED_TASK_HEADER, TASK_HEADER } from '../src/contract.ts';
import type { Carrier } from '../src/task-header.ts';
import { packHeader } from '../src/task-header.ts';

/** Key under which a call's options carry its header to the interceptor: Temporal has no option for headers. */
const HEADER = Symbol('weft.taskHeader');

/** Options of a call with the header that says which task it is. */
export function withHeader<Options extends object>(options: Options, header: TaskHeader | undefined): Options {
  return header === undefined ? options : { ...options, [HEADER]: header };
}

type Scheduled = {
  readonly activityType: string;
  readonly options: object;
  readonly headers: Record<string, unknown>;
};

function headersOf<T extends Scheduled>(input: T, activityId: Carrier['activityId']): T {
  const { [HEADER]: header, taskQueue: queue } = input.options as {
    [HEADER]?: TaskHeader;
    readonly taskQueue?: string;
  };
  if (header === undefined) return input;
  const { workflowId, taskQueue } = workflowInfo();
  // Another queue's workers may be of any language: they read what `docs/executors.md` says.
  const isForeign = queue !== undefined && queue !== taskQueue;
  const [name, value] = isForeign
    ? [TASK_HEADER, header]
    : [PACKED_TASK_HEADER, packHeader(header, { workflowId, activityType: input.activityType, activityId })];
  return { ...input, headers: { ...input.headers, [name]: defaultPayloadConverter.toPayload(value) } };
}

/** The one outbound interceptor: normal and local activities carry the same header. */
export const interceptors = (): WorkflowInterceptors => ({
  outbound: [
    {
      scheduleActivity: (input, next) => next(headersOf(input, input.options.activityId)),
      scheduleLocalActivity: (input, next) => next(headersOf(input, undefined)),
    },
  ],
});
