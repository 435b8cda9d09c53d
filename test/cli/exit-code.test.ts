import { expect, it } from 'vitest';
import { exitCodeOf } from '../../src/cli/exit-code.ts';
import { PROBLEMS } from '../../src/problem.ts';

it('every problem has its exit code', () => {
  const codes = Object.fromEntries(Object.entries(PROBLEMS).map(([code, { status }]) => [code, exitCodeOf(status)]));
  expect(codes).toMatchObject({
    MALFORMED: 2,
    UNAUTHENTICATED: 5,
    FORBIDDEN: 5,
    NOT_FOUND: 3,
    CONFLICT: 4,
    VERSION_EXISTS: 4,
    ALREADY_DECIDED: 4,
    EXECUTION_ENDED: 4,
    PRECONDITION_FAILED: 4,
    DEFINITION_INVALID: 2,
    INPUT_INVALID: 2,
    TOO_MANY_REQUESTS: 69,
    INTERNAL: 1,
    DATABASE_UNAVAILABLE: 69,
    TEMPORAL_UNAVAILABLE: 69,
    WORKER_UNAVAILABLE: 69,
  });
});
