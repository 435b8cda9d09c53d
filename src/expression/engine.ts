import jsonata from '#jsonata';
import { createLinearRegex } from './linear-regex.ts';

/** Where what an expression can't know comes from: inside a workflow, the host. */
export type Clock = {
  /** ms since 1970 */
  readonly now: () => number;
  /** From 0 to under 1. */
  readonly random: () => number;
};

/** How much one evaluation may take; none of it depends on the clock. */
export type Bounds = {
  /** Evaluated nodes, and what native functions do in units of it. */
  readonly steps: number;
  /** Nested evaluations; each takes up to a dozen frames of the real stack. */
  readonly stack: number;
  /** Entries of a list that is made. */
  readonly sequence: number;
  /** Characters of a text that is made, or given to a function. */
  readonly longest: number;
  /** Nesting of the expression's text. */
  readonly nesting: number;
  /** Characters of the expression. */
  readonly source: number;
};

export const BOUNDS: Bounds = {
  steps: 200_000,
  stack: 200,
  sequence: 10_000,
  longest: 1_000_000,
  nesting: 200,
  source: 32_768,
};

/** Each comment is one frame of the tokenizer's stack. */
const MOST_COMMENTS = 500;

/** What one evaluation sees. */
export type Evaluation<T> = {
  /** The context document; our dialect has none. */
  readonly input?: unknown;
  readonly bindings: { readonly [name: string]: unknown };
  /** Entries of a list that is made. @default as the engine's bounds */
  readonly sequence?: number;
  /** Steps it may take, where that is less than the engine's bound. */
  readonly steps?: number;
  /** Told the steps it took, also when it fails. */
  readonly spend?: (steps: number) => void;
  /** Instead of the engine's own. */
  readonly clock?: Clock;
  /** Turns JSONata's value into the caller's, within the same bounds. */
  readonly finish: (value: unknown) => T;
};

export type Engine = <T>(expression: string, evaluation: Evaluation<T>) => T;

/**
 * Makes a synchronous, bounded JSONata that keeps what it compiled. It throws what JSONata throws.
 * @param bounds looser ones are for the library's own test suite
 */
export function createEngine(clock: Clock, bounds: Bounds = BOUNDS): Engine {
  const compiled = new Map<string, jsonata.Compiled>();
  const RegexEngine = createLinearRegex();
  const options = { stack: bounds.stack, sequence: bounds.sequence, RegexEngine };

  return (expression, { input, bindings, sequence = bounds.sequence, finish, ...rest }) => {
    options.sequence = sequence;
    const most = Math.min(rest.steps ?? bounds.steps, bounds.steps);
    const run = {
      ...(rest.clock ?? clock),
      steps: most,
      longest: bounds.longest,
      most: sequence,
      nesting: bounds.nesting,
      RegexEngine,
    };
    const work = (): ReturnType<typeof finish> => {
      const known = compiled.get(expression) ?? parse(expression, options, bounds.source);
      compiled.set(expression, known);
      return finish(known.evaluate(input, bindings));
    };
    try {
      return jsonata.during(run, work);
    } finally {
      rest.spend?.(most - run.steps);
    }
  };
}

/** The syntax tree, within the bounds. */
export function parseTree(expression: string): jsonata.Node {
  const run = { ...BOUNDS, most: BOUNDS.sequence, now: () => 0, random: () => 0, RegexEngine: RegExp };
  return jsonata.during(run, () => parse(expression, {}, BOUNDS.source).ast());
}

function parse(expression: string, options: jsonata.Options, longest: number): jsonata.Compiled {
  if (expression.length > longest) throw jsonata.limit(`The expression is longer than ${longest} characters`);
  if (expression.split('/*').length > MOST_COMMENTS)
    throw jsonata.limit(`The expression has over ${MOST_COMMENTS} comments`);
  return jsonata(expression, options);
}
