import { compile } from '../definition/compile.ts';
import type { CatalogEntry, Compiled } from '../definition/compile.ts';
import { Problem } from '../problem.ts';
import type { Issue } from '../problem.ts';

/** A definition as it was sent. */
export type DefinitionSource = { readonly text: string; readonly format: 'json' | 'yaml' };

/** Whether a definition could be saved, and all that is wrong with it. */
export function validateDefinition(
  source: DefinitionSource,
  catalog: readonly CatalogEntry[],
): { readonly valid: boolean; readonly problems: readonly Issue[] } {
  const compiled = compile(source.text, { format: source.format, catalog });
  return compiled.ok ? { valid: true, problems: [] } : { valid: false, problems: compiled.problems };
}

/**
 * Compiles a definition that is to be saved under a name.
 * @throws Problem DEFINITION_INVALID with every problem and its place
 */
export function checkDefinition(
  source: DefinitionSource,
  options: { readonly name: string; readonly catalog: readonly CatalogEntry[] },
): Compiled & { readonly ok: true } {
  const compiled = compile(source.text, { format: source.format, ...options });
  if (compiled.ok) return compiled;
  const { problems } = compiled;
  const [first] = problems;
  const detail = problems.length === 1 && first ? first.message : `${problems.length} problems`;
  throw new Problem('DEFINITION_INVALID', detail, { errors: problems });
}
