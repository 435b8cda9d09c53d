/** One reason why an expression can't be saved. */
export type Finding = {
  readonly code: FindingCode;
  readonly message: string;
  /** Characters from the start of the expression. */
  readonly position?: number;
  readonly hint?: string;
};

export type FindingCode =
  | 'EXPRESSION_INVALID'
  | 'EXPRESSION_TOO_LARGE'
  | 'BARE_NAME'
  | 'EVAL_REFUSED'
  | 'FUNCTION_UNKNOWN'
  | 'VARIABLE_UNKNOWN'
  | 'REGEX_UNSUPPORTED'
  | 'TASKS_DYNAMIC';

/** Something written in an expression; JSONata gives the position behind it. */
export type Written = { readonly text: string; readonly behind: number | undefined };

/** What a walk over a syntax tree collects. */
export type Findings = {
  readonly problems: readonly Finding[];
  readonly roots: Set<string>;
  readonly tasks: Set<string>;
  readonly vars: Set<string>;
  /** Adds a problem; once, where the tree holds a part twice. */
  readonly refuse: (code: FindingCode, written: Written, message: string, hint?: string) => void;
};

export function createFindings(source: string): Findings {
  const problems: Finding[] = [];
  return {
    problems,
    roots: new Set(),
    tasks: new Set(),
    vars: new Set(),
    refuse: (code, written, message, hint) => {
      const position = startOf(source, written);
      if (problems.some((known) => known.code === code && known.position === position)) return;
      problems.push({
        code,
        message,
        ...(position === undefined ? {} : { position }),
        ...(hint === undefined ? {} : { hint }),
      });
    },
  };
}

function startOf(source: string, { text, behind }: Written): number | undefined {
  return behind !== undefined && source.endsWith(text, behind) ? behind - text.length : behind;
}
