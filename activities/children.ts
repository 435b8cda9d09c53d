import { ApplicationFailure } from '@temporalio/common';
import { END_CHILD, START_CHILD } from '../src/messages.ts';
import type { EngineCalls } from '../src/messages.ts';
import { inWords, Problem } from '../src/problem.ts';

type Calls = {
  readonly [Name in typeof START_CHILD | typeof END_CHILD]: (
    input: EngineCalls[Name]['input'],
  ) => Promise<EngineCalls[Name]['answer']>;
};

/** The activities by which the interpreter starts and ends child executions. */
export function createChildCalls(operations: {
  readonly start: (
    call: EngineCalls[typeof START_CHILD]['input'],
  ) => Promise<EngineCalls[typeof START_CHILD]['answer']>;
  readonly end: (order: EngineCalls[typeof END_CHILD]['input']) => Promise<void>;
}): Calls {
  return {
    [START_CHILD]: (call) => operations.start(call).catch(refuse),
    [END_CHILD]: (order) => operations.end(order).then(() => null, refuse),
  };
}

/** What the child's own definition and input are to blame for keeps its code; anything else is that it can't be started. */
const CODES: readonly string[] = ['INPUT_INVALID', 'DEFINITION_INVALID'];

/** A problem that repeating doesn't mend fails the task, any other is tried again. */
function refuse(error: unknown): never {
  if (!(error instanceof Problem)) throw error;
  const isFinal = error.status < 500;
  throw ApplicationFailure.create({
    type: !isFinal || CODES.includes(error.code) ? error.code : 'CHILD_FAILED',
    message: inWords(error),
    nonRetryable: isFinal,
    cause: error,
  });
}
