import type { DefinitionNote } from './note.ts';

/** Codes of an execution's error, and of a task's: the engine's own and those of the built-in executors; the example ends with it. */
export const ERROR_NOTES: { readonly [code: string]: DefinitionNote } = {
  TIMEOUT: {
    means:
      'An attempt took longer than its `timeout`, a task longer than its `totalTimeout`, or the execution longer than its own: then its status is `timeout`.',
    todo: 'Give more time, or find out in the Temporal UI what took it. With `totalTimeout` over a `wait` or an `event` it may well be what was meant: catch it.',
    example: 'tasks:\n  - { id: a, type: event, name: order-paid, totalTimeout: 1h }\n',
  },
  EXPRESSION_ERROR: {
    means: 'An expression could not be evaluated, or gave something of another kind than is needed there.',
    todo: 'The detail holds the expression. Guard against what may be missing: `$exists(…) ? … : …`.',
    example: 'tasks:\n  - { id: a, type: set, vars: { x: \'{% $sum("one") %}\' } }\n',
  },
  EXPRESSION_LIMIT: {
    means:
      'An expression took more than 200,000 steps, went over 200 deep or made a list of over 10,000 (for `items` 100,000): no execution may hold up the others.',
    todo: 'Do less in one expression: filter before, use `foreach` with `batch`, or an executor of your own.',
    example: "tasks:\n  - { id: a, type: set, vars: { x: '{% $count([1..1000000]) %}' } }\n",
  },
  INPUT_INVALID: {
    means: "The input of an executor doesn't fit its schema, or that of the execution its definition's `input`.",
    todo: 'The detail names the field. `GET /executors` has every schema.',
    example: "tasks:\n  - { id: a, type: approval, assignees: ['{% $input.who %}'], quorum: 2 }\n",
  },
  APPROVAL_REJECTED: {
    means: 'Somebody rejected an approval whose `onReject` is `fail`, or its deadline did.',
    todo: 'Nothing, if a rejection is a failure; else `onReject: continue`, and read `$tasks.<id>.output.decision`.',
    example: 'tasks:\n  - { id: a, type: approval, assignees: [ada], deadline: 1h, onTimeout: reject }\n',
  },
  APPROVAL_EXPIRED: {
    means: 'Nobody decided an approval before its deadline.',
    todo: '`onTimeout: escalate` asks others, `reminders` remind those who are asked.',
    example: 'tasks:\n  - { id: a, type: approval, assignees: [ada], deadline: 1h }\n',
  },
  CANCELLED: {
    means:
      'The execution was cancelled, or the task was because a sibling failed, another branch was quicker or the time was up. `*` does not catch it.',
    todo: 'Nothing. What has to happen all the same belongs into `finally` or `compensate`.',
  },
  TERMINATED: {
    means:
      'The execution was ended at once, from the Temporal UI or by `terminate`: no `finally` and no compensation has run.',
    todo: 'See by its tasks what it had done, and take it back by hand where needed.',
  },
  PAYLOAD_TOO_LARGE: {
    means:
      'An input, a result or an output is larger than 8 MB (for another task queue 1 MB), the data of an event over 1,000,000 bytes, or the answer of a server larger than is read.',
    todo: 'Keep less with `output`, or keep what is large elsewhere and pass its address on.',
  },
  EXECUTOR_UNKNOWN: {
    means: 'The worker that was asked has no such executor.',
    todo: 'Start the worker with the module that has it (`WEFT_EXECUTORS`), or correct `executor` or `taskQueue`.',
  },
  EXECUTOR_FAILED: {
    means: 'An executor threw an error that has no code.',
    todo: 'Throw an `ExecutorError` with a code, so that `catch` and `nonRetryable` can name it.',
  },
  RESULT_INVALID: {
    means: 'What an executor gave back is no JSON.',
    todo: 'Give back plain objects, lists, texts and numbers.',
  },
  WORKER_SHUTDOWN: {
    means:
      'The worker was stopped during the attempt; the next attempt runs on another. It is an error of an attempt, and of the task only where no attempt was left.',
    todo: 'Nothing, while there are attempts: raise `retry.maxAttempts` where there are none.',
  },
  'HTTP_<status>': {
    means:
      'A server answered with a status that is no success: `HTTP_404`, `HTTP_503`, … A 4xx other than 408, 425 and 429 is not tried again.',
    todo: 'The detail holds the beginning of the answer. `expect` makes more statuses a success; a `catch` can name them.',
  },
  HTTP_UNREACHABLE: {
    means: 'A server could not be reached, or broke off.',
    todo: 'Look whether the address is right and reachable from the worker; `retry` bridges a short failure.',
  },
  HTTP_REDIRECTS: {
    means: 'A server redirected more than five times.',
    todo: 'Call the last address itself.',
  },
  URL_REFUSED: {
    means: 'The address is not one that executions may call: it is inside the network of the worker.',
    todo: '`WEFT_HTTP_ALLOW_PRIVATE` of the worker allows it, if it is meant.',
  },
  CHILD_FAILED: {
    means:
      "The execution that a `sub_workflow` started ended otherwise than as success; the child's own error is the `cause`, its id stands in the detail.",
    todo: 'Look at the child: `weft show ID`. `retry` on the task starts another one.',
  },
  LOOP_LIMIT: {
    means: 'A `loop` wanted one iteration more than `maxIterations`, or an execution more than 10,000 jumps by `next`.',
    todo: 'Correct what should have ended it, or raise `maxIterations`.',
    example:
      "tasks:\n  - id: a\n    type: loop\n    while: '{% true %}'\n    maxIterations: 3\n    tasks: [{ id: b, type: set, vars: { x: '{% $index %}' } }]\n",
  },
  COMPENSATION_FAILED: {
    means:
      'The execution failed, and so did a compensation, after its retries; the others have run. The first error is the `cause`.',
    todo: 'Do by hand what the compensation should have done; its row is `<path>~compensate`.',
    example:
      'tasks:\n  - id: a\n    type: executor\n    executor: log\n    with: { message: booked }\n    compensate: { executor: http, with: { url: https://example.invalid }, retry: { maxAttempts: 1 } }\n  - { id: b, type: fail, code: SOLD_OUT }\n',
  },
  DEFINITION_INVALID: {
    means:
      'A definition that came in by SQL turned out to have problems when its first execution should have started, or that of a child has.',
    todo: '`weft validate` on its text lists them; store a version without any.',
  },
  CONFLICT: {
    means: 'The id of the execution is taken by one that Temporal still keeps.',
    todo: 'Take another id.',
  },
  LOST: {
    means:
      'Temporal does not know the execution any more, or a part of it or a large value is gone: it was deleted there, or its retention is over.',
    todo: 'Start it again. Keep Temporal and PostgreSQL from being restored to different times.',
  },
  INTERNAL: {
    means: 'A defect of Weft, or of Temporal.',
    todo: 'Report it, with the history from the Temporal UI.',
  },
};
