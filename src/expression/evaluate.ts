import type { Json } from '../contract.ts';
import { createEngine, type Clock } from './engine.ts';
import { ExpressionError, toExpressionError } from './expression-error.ts';
import { toJson } from './to-json.ts';

export { ExpressionError, type Clock };

/**
 * What an expression sees, by root name without `$`: input, vars, tasks, execution, what holds where it stands (item,
 * index, error, result, event, approval), and what `as` names.
 */
export type Roots = { readonly [root: string]: unknown };

export type Evaluator = {
  /**
   * The value of an expression; nothing is null. The roots are never changed.
   * @throws ExpressionError with code EXPRESSION_LIMIT over a bound, else EXPRESSION_ERROR
   */
  readonly evaluate: (
    expression: string,
    roots: Roots,
    options?: {
      /** Entries of a list that is made. @default 10,000 */
      readonly sequenceLimit?: number;
      /** Steps it may take, where that is less than the bound. */
      readonly steps?: number;
      /** Told the steps it took, also when it fails. */
      readonly spend?: (steps: number) => void;
      /** Instead of the evaluator's own. */
      readonly clock?: Clock;
    },
  ) => Json;
};

/** Makes an evaluator that keeps the expressions it compiled: one for each execution. */
export function createEvaluator(clock: Clock): Evaluator {
  const run = createEngine(clock);
  return {
    evaluate: (expression, roots, { sequenceLimit, ...bounds } = {}) => {
      const limit = sequenceLimit === undefined ? {} : { sequence: sequenceLimit };
      try {
        return run(expression, { bindings: { ...roots, eval: undefined }, finish: toJson, ...limit, ...bounds });
      } catch (error) {
        throw toExpressionError(error);
      }
    },
  };
}
