import type { ProblemCode } from '../../problem.ts';
import type { ExampleRequest, HttpNote } from './note.ts';

const save = (name: string, vars: object, more: object = {}): ExampleRequest => ({
  method: 'PUT',
  path: `/workflows/${name}`,
  body: { ...more, tasks: [{ id: 'a', type: 'set', vars }] },
});

/** Problems the API answers with. */
export const HTTP_NOTES: { readonly [code in ProblemCode]: HttpNote } = {
  MALFORMED: {
    means:
      "The request can't be read: its body is no JSON, or a field of its body, query or path is none, missing or of another kind. Each entry of `errors` says where.",
    todo: 'Correct what `errors` names; `/openapi.json` has the shape of every request.',
    example: { request: { method: 'POST', path: '/executions', body: { workflow: 'hello', inputs: {} } } },
  },
  UNAUTHENTICATED: {
    means: 'The request has no key, or one that is unknown, expired or of a user who is not active.',
    todo: 'Send `Authorization: Bearer <key>`. The local stack wrote its keys into `.weft/ready.json`.',
    example: { request: { method: 'GET', path: '/executions', headers: { authorization: 'Bearer nobody' } } },
  },
  FORBIDDEN: {
    means:
      "The user's roles don't allow it, or this approval is not theirs to decide: who started an execution may not, nor who is neither an assignee nor in a candidate group.",
    todo: 'Ask with the key of a user who may, or give the user a role that may.',
  },
  NOT_FOUND: {
    means: 'There is nothing of that name or id, or it belongs to another tenant.',
    todo: 'Look for it in the list above it: `GET /workflows`, `GET /executions`, `GET /approvals`.',
    example: { request: { method: 'GET', path: '/executions/nothing-of-that-name' } },
  },
  CONFLICT: {
    means:
      'It is in a state in which that is impossible: an id that is taken, a workflow that is not active, a vote that was given before, a first request with the same key that is still being worked on. `detail` says which.',
    todo: 'Read it again, then decide whether what is asked is still wanted.',
    example: {
      before: [
        save('taken', { x: 1 }),
        { method: 'POST', path: '/executions', body: { workflow: 'taken', id: 'taken-1' } },
      ],
      request: { method: 'POST', path: '/executions', body: { workflow: 'taken', id: 'taken-1' } },
    },
  },
  VERSION_EXISTS: {
    means: 'A version never changes: that one is saved with other content.',
    todo: 'Give the definition another `version`, or none: then it is the next number.',
    example: {
      before: [save('versions', { x: 1 }, { version: '1.0' })],
      request: save('versions', { x: 2 }, { version: '1.0' }),
    },
  },
  ALREADY_DECIDED: {
    means:
      'The approval has been approved, rejected, has expired or was cancelled; the first final event wins. The answer says who, what and when.',
    todo: 'Nothing: it is decided.',
  },
  EXECUTION_ENDED: {
    means: "The execution is over, so it can't be cancelled, paused or decided in any more.",
    todo: 'Read how it ended: `GET /executions/{id}`.',
  },
  PRECONDITION_FAILED: {
    means: 'What `If-Match` names is not what is there: somebody else changed it after it was read.',
    todo: 'Read it again, make the change again, and send the new `ETag`.',
    example: {
      before: [save('tagged', { x: 1 })],
      request: { ...save('tagged', { x: 2 }), headers: { 'if-match': '"another"' } },
    },
  },
  TOO_LARGE: {
    means: 'The body has more bytes than the API takes (1 MiB, `WEFT_BODY_LIMIT`), or a vote or an event is too large.',
    todo: 'Send less: put what is large where the execution can fetch it, and send its address.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    means: 'The body is of a content type that is not read here.',
    todo: 'Send `application/json`; a definition may be `application/yaml`, too.',
    example: {
      request: {
        method: 'POST',
        path: '/executions',
        body: 'workflow=hello',
        headers: { 'content-type': 'text/plain' },
      },
    },
  },
  DEFINITION_INVALID: {
    means:
      'The definition has problems and is not saved. Each entry of `errors` has a code of its own, the place (pointer; line and column) and mostly a hint.',
    todo: 'Correct what `errors` names. `weft validate FILE` says the same without saving.',
    example: {
      request: { method: 'PUT', path: '/workflows/broken', body: { tasks: [{ id: 'a', type: 'sett', vars: {} }] } },
    },
  },
  INPUT_INVALID: {
    means:
      "The input doesn't fit the definition's `input`, or the data of a decision the approval's `form`. No execution is made, no vote counted.",
    todo: 'Correct what `errors` names; `GET /workflows/{name}` shows the schema.',
    example: {
      before: [save('doubling', { x: '{% $input.n * 2 %}' }, { input: { type: 'object', required: ['n'] } })],
      request: { method: 'POST', path: '/executions', body: { workflow: 'doubling', input: {} } },
    },
  },
  IDEMPOTENCY_MISMATCH: {
    means: 'The same `Idempotency-Key` came before with another body: one of the two would be lost.',
    todo: 'Take a new key for each new request, and the same only when repeating one.',
    example: {
      before: [
        save('once', { x: 1 }),
        { method: 'POST', path: '/executions', body: { workflow: 'once' }, headers: { 'idempotency-key': 'order-17' } },
      ],
      request: {
        method: 'POST',
        path: '/executions',
        body: { workflow: 'once', priority: 2 },
        headers: { 'idempotency-key': 'order-17' },
      },
    },
  },
  TOO_MANY_REQUESTS: {
    means: 'More requests came than are taken in that time.',
    todo: 'Wait as long as `Retry-After` says, then send it again.',
  },
  INTERNAL: {
    means: 'Something went wrong inside. It is a defect of Weft; the log has it whole, under `requestId`.',
    todo: 'Look into the log, and report it with what stands there.',
  },
  DATABASE_UNAVAILABLE: {
    means: 'PostgreSQL does not answer. What runs goes on; nothing is lost.',
    todo: 'Send it again, best with an `Idempotency-Key`; `/readyz` says when it is back.',
  },
  TEMPORAL_UNAVAILABLE: {
    means: 'Temporal does not answer. An execution that was accepted starts by itself later.',
    todo: 'Send it again; `/readyz` says when it is back.',
  },
  WORKER_UNAVAILABLE: {
    means:
      'No worker has taken the order for ten seconds: none runs, or all are at their limit. It may still be carried out.',
    todo: 'See that a worker runs, then send it again: nothing happens twice.',
  },
};
