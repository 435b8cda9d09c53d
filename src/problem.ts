/** RFC 9457 problems: one table gives every code its HTTP status, its title and whether the same call may be repeated. */

type ProblemKind = { readonly status: number; readonly title: string; readonly safeToRepeat?: true };

export const PROBLEMS = {
  MALFORMED: { status: 400, title: 'The request is malformed' },
  UNAUTHENTICATED: { status: 401, title: 'A valid key is needed' },
  FORBIDDEN: { status: 403, title: 'That is not allowed' },
  NOT_FOUND: { status: 404, title: 'There is no such thing' },
  CONFLICT: { status: 409, title: 'It is in another state' },
  VERSION_EXISTS: { status: 409, title: 'That version exists with other content' },
  ALREADY_DECIDED: { status: 409, title: 'Somebody decided it before' },
  EXECUTION_ENDED: { status: 409, title: 'The execution has ended' },
  PRECONDITION_FAILED: { status: 412, title: 'It was changed in the meantime' },
  TOO_LARGE: { status: 413, title: 'The body is too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'That content type is not understood' },
  DEFINITION_INVALID: { status: 422, title: "The definition can't be saved" },
  INPUT_INVALID: { status: 422, title: "The input doesn't fit its schema" },
  IDEMPOTENCY_MISMATCH: { status: 422, title: 'The idempotency key was used with another body' },
  TOO_MANY_REQUESTS: { status: 429, title: 'Too many requests', safeToRepeat: true },
  INTERNAL: { status: 500, title: 'Weft failed' },
  DATABASE_UNAVAILABLE: { status: 503, title: 'PostgreSQL does not answer', safeToRepeat: true },
  TEMPORAL_UNAVAILABLE: { status: 503, title: 'Temporal does not answer', safeToRepeat: true },
  WORKER_UNAVAILABLE: { status: 503, title: 'No worker answers', safeToRepeat: true },
} as const satisfies { readonly [code: string]: ProblemKind };

export type ProblemCode = keyof typeof PROBLEMS;

/** One thing that is wrong with what came in: where (JSON Pointer, and line and column in YAML), what, and what to do. */
export type Issue = {
  readonly pointer: string;
  readonly line?: number;
  readonly column?: number;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
};

/** An error that tells the person what to do; `on-error` makes `application/problem+json` of it. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly errors: readonly Issue[];
  /** Further members of the problem document, e.g. who decided and when. */
  readonly extra: { readonly [key: string]: unknown };

  constructor(
    code: ProblemCode,
    detail: string,
    options: { errors?: readonly Issue[]; extra?: { readonly [key: string]: unknown }; cause?: unknown } = {},
  ) {
    super(detail, { cause: options.cause });
    this.name = 'Problem';
    this.code = code;
    this.errors = options.errors ?? [];
    this.extra = options.extra ?? {};
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }
}

/** Its detail and the first few things that are wrong, where there is room for a text alone. */
export function inWords({ message, errors }: Problem): string {
  const issues = errors.slice(0, 5).map((issue) => (issue.pointer === '' ? '' : `${issue.pointer}: `) + issue.message);
  return [message, ...issues].join(' ');
}
