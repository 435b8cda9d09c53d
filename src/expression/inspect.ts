import { parseTree } from './engine.ts';
import { toExpressionError } from './expression-error.ts';
import { createFindings, type Finding } from './findings.ts';
import { walkTree } from './walk-tree.ts';

/** What an expression says about itself before it runs. */
export type Inspection = {
  /** Why it can't be saved; none when it can. */
  readonly problems: readonly Finding[];
  /** Roots it reads, without `$`. */
  readonly roots: readonly string[];
  /** Ids in `$tasks.<id>`. */
  readonly tasks: readonly string[];
  /** Names in `$vars.<name>`; `*` where it reads them all. */
  readonly vars: readonly string[];
};

/**
 * Parses and checks an expression of the restricted dialect; never throws.
 * @param moreRoots names of roots that hold here beside the language's own: what `as` names
 */
export function inspectExpression(text: string, moreRoots: readonly string[] = []): Inspection {
  const findings = createFindings(text);
  try {
    walkTree(parseTree(text), findings, moreRoots);
  } catch (thrown) {
    const { code, message, position } = toExpressionError(thrown);
    const { token } = Object(thrown) as { token?: unknown };
    const written = { text: typeof token === 'string' ? token : '', behind: position };
    findings.refuse(code === 'EXPRESSION_LIMIT' ? 'EXPRESSION_TOO_LARGE' : 'EXPRESSION_INVALID', written, message);
  }
  const { problems, roots, tasks, vars } = findings;
  return { problems, roots: [...roots], tasks: [...tasks], vars: [...vars] };
}
