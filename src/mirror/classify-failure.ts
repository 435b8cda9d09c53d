import { Problem } from '../problem.ts';

/**
 * What a refused commit asks for: `conflict` again at once, `poison` a smaller batch, `away` again later. What isn't
 * known is `away`: it may be cured from outside (rights, a missing migration, a full disk) and nothing is lost until then.
 */
export function classifyFailure(error: unknown): 'conflict' | 'poison' | 'away' {
  const state = sqlStateOf(error);
  if (state === '40001' || state === '40P01') return 'conflict';
  // Bad data, broken constraints, and what is too large for an index.
  if (/^(?:22|23|54)/.test(state)) return 'poison';
  // A defect of ours in one fact must not stop all the others.
  if (error instanceof TypeError || error instanceof RangeError) return 'poison';
  return 'away';
}

/** SQLSTATE of an error from PostgreSQL, '' of any other. */
export function sqlStateOf(error: unknown): string {
  if (error instanceof Problem) return '';
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
