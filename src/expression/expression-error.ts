/** Why an expression gave no value; the message is JSONata's. */
export class ExpressionError extends Error {
  readonly code: 'EXPRESSION_ERROR' | 'EXPRESSION_LIMIT';
  /** Characters from the start of the expression. */
  readonly position?: number;

  constructor(code: 'EXPRESSION_ERROR' | 'EXPRESSION_LIMIT', message: string, position?: number) {
    super(message);
    this.name = 'ExpressionError';
    this.code = code;
    if (position !== undefined) this.position = position;
  }
}

/** JSONata's own codes that mean a bound, beside LIMIT: depth, range, sequence. */
const LIMITS: readonly unknown[] = ['LIMIT', 'D1011', 'D2014', 'D2015'];

/** What JSONata throws (plain objects, and errors of the engine itself) as an {@link ExpressionError}. */
export function toExpressionError(thrown: unknown): ExpressionError {
  if (thrown instanceof ExpressionError) return thrown;
  const { code, message, position } = Object(thrown) as { code?: unknown; message?: unknown; position?: unknown };
  // The engine throws a RangeError where its stack, a text or a list is at an end before the counted bounds are.
  const kind = thrown instanceof RangeError || LIMITS.includes(code) ? 'EXPRESSION_LIMIT' : 'EXPRESSION_ERROR';
  const text = typeof message === 'string' ? message : `The expression failed with ${String(code)}`;
  return new ExpressionError(kind, text, typeof position === 'number' ? position : undefined);
}
