import { defaultPayloadConverter } from '@temporalio/common';
import type { WorkflowInterceptors } from '@temporalio/workflow';
import { workflowInfo } from '@temporalio/workflow';
import type { TaskHeader } from '../src/contract.ts';
import { TASK_HEADER } from '../src/contract.ts';
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
  const header = (input.options as { [HEADER]?: TaskHeader })[HEADER];
  if (header === undefined) return input;
  const carrier = { workflowId: workflowInfo().workflowId, activityType: input.activityType, activityId };
  const payload = defaultPayloadConverter.toPayload(packHeader(header, carrier));
  return { ...input, headers: { ...input.headers, [TASK_HEADER]: payload } };
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
