/** Types of the synchronous JSONata that the build makes. */

declare function jsonata(expression: string, options?: jsonata.Options): jsonata.Compiled;
declare namespace jsonata {
  type Options = {
    /** Depth of nested evaluations. */
    stack?: number;
    /** Entries of a sequence; read again at every evaluation. */
    sequence?: number;
    RegexEngine?: RegexEngine;
  };

  /** `trusted`: the library made the pattern itself. */
  type RegexEngine = new (
    pattern: RegExp,
    trusted?: boolean,
  ) => {
    lastIndex: number;
    exec(text: string): (ArrayLike<string | undefined> & { index: number }) | null;
  };

  type Compiled = {
    /** Throws plain objects `{ code, message?, position?, token? }` as well as errors. */
    evaluate(input: unknown, bindings?: { readonly [name: string]: unknown }): unknown;
    ast(): Node;
  };

  type Pair = [Node, Node];

  type Node = {
    type: string;
    value?: unknown;
    position?: number;
    steps?: Node[];
    stages?: Node[];
    predicate?: Node[];
    expr?: Node;
    group?: { lhs: Pair[]; position: number };
    focus?: string;
    index?: string;
    lhs?: Node | Pair[];
    rhs?: Node;
    expression?: Node;
    expressions?: Node[];
    terms?: { expression: Node }[];
    arguments?: Node[];
    procedure?: Node;
    body?: Node;
    condition?: Node;
    then?: Node;
    else?: Node;
    pattern?: Node;
    update?: Node;
    delete?: Node;
  };

  /** Bounds of one piece of work. */
  type Run = {
    /** What is left; counted down. */
    steps: number;
    /** Characters of a text. */
    longest: number;
    /** Entries of a list. */
    most: number;
    /** Nesting of an expression. */
    nesting: number;
    /** ms since 1970 */
    now: () => number;
    random: () => number;
    RegexEngine: RegexEngine;
  };

  /** Runs `work` within these bounds; over one of them an Error with code LIMIT is thrown. */
  function during<T>(run: Run, work: () => T): T;

  /** Counts down the steps of the run. */
  function charge(steps: number): void;

  /** The error that says a bound was met. */
  function limit(message: string): Error;

  /** Whether a value of an expression is a function. */
  function isFunction(value: unknown): boolean;

  /** Names of all built-in functions, without `$`. */
  const builtIns: readonly string[];
}

export = jsonata;
