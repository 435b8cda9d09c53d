import { defaultPayloadConverter } from '@temporalio/common';
import type { WorkflowInterceptors } from '@temporalio/workflow';
import type { TaskHeader } from '../src/contract.ts';
import { TASK_HEADER } from '../src/contract.ts';

/** Key under which a call's options carry its header to the interceptor: Temporal has no option for headers. */
const HEADER = Symbol('weft.taskHeader');

/** Options of a call with the header that says which task it is. */
export function withHeader<Options extends object>(options: Options, header: TaskHeader | undefined): Options {
  return header === undefined ? options : { ...options, [HEADER]: header };
}

function headersOf<T extends { readonly options: object; readonly headers: Record<string, unknown> }>(input: T): T {
  const header = (input.options as { [HEADER]?: TaskHeader })[HEADER];
  if (header === undefined) return input;
  return { ...input, headers: { ...input.headers, [TASK_HEADER]: defaultPayloadConverter.toPayload(header) } };
}

/** The one outbound interceptor: normal and local activities carry the same header. */
export const interceptors = (): WorkflowInterceptors => ({
  outbound: [
    {
      scheduleActivity: (input, next) => next(headersOf(input)),
      scheduleLocalActivity: (input, next) => next(headersOf(input)),
    },
  ],
});
