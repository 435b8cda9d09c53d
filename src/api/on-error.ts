import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { PROBLEMS, Problem } from '../problem.ts';
import type { ProblemCode } from '../problem.ts';
import type { ApiEnv } from './services.ts';

/** Problem codes of what Hono itself refuses. */
const BY_STATUS: ReadonlyMap<number, ProblemCode> = new Map([
  [400, 'MALFORMED'],
  [401, 'UNAUTHENTICATED'],
  [403, 'FORBIDDEN'],
  [404, 'NOT_FOUND'],
  [413, 'TOO_LARGE'],
  [415, 'UNSUPPORTED_MEDIA_TYPE'],
]);

/** Answers an error as `application/problem+json`; what isn't a {@link Problem} is logged whole and shown without its insides. */
export function onError(error: unknown, c: Context<ApiEnv>): Response {
  const problem = asProblem(error);
  if (problem.status >= 500) {
    const { method, path } = c.req;
    c.get('services').log.error({ err: error, requestId: c.get('requestId'), method, path }, problem.message);
  }
  const { title, ...kind } = PROBLEMS[problem.code];
  if (problem.status === 401) c.header('WWW-Authenticate', 'Bearer realm="weft"');
  // Its body is still on its way: a connection used again would break in the middle of the next request.
  if (sendsBody(c) && c.get('bodyWasRead') !== true) c.header('Connection', 'close');
  if ('safeToRepeat' in kind) c.header('Retry-After', '1');
  const document = {
    type: `/docs/problems#${problem.code}`,
    title,
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    requestId: c.get('requestId'),
    ...(problem.errors.length > 0 && { errors: problem.errors }),
    ...problem.extra,
  };
  return c.body(JSON.stringify(document), problem.status as ContentfulStatusCode, {
    'content-type': 'application/problem+json',
  });
}

function sendsBody(c: Context<ApiEnv>): boolean {
  return c.req.header('transfer-encoding') !== undefined || Number(c.req.header('content-length') ?? 0) > 0;
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const code = error instanceof HTTPException ? BY_STATUS.get(error.status) : undefined;
  if (code !== undefined) return new Problem(code, `${PROBLEMS[code].title}.`);
  return new Problem('INTERNAL', 'Something went wrong inside; the log has it under this request id.');
}
