import { compile } from '../definition/compile.ts';
import type { CatalogEntry } from '../definition/compile.ts';
import { isDialect } from '../definition/dialects/index.ts';
import type { Plan } from '../plan/plan.ts';
import { Problem } from '../problem.ts';
import type { Database } from '../store/database.ts';
import { findStored, planOf } from '../store/definitions.ts';
import { storeCompiled } from '../store/write-definitions.ts';

/**
 * The Plan of a stored definition; one that came in by SQL is compiled now, and what came of it is kept.
 * @throws Problem NOT_FOUND, DEFINITION_INVALID, DATABASE_UNAVAILABLE
 */
export async function compileStored(
  parts: { readonly database: Database; readonly catalog: readonly CatalogEntry[] },
  tenant: string,
  definitionId: string,
): Promise<Plan> {
  const { database, catalog } = parts;
  const plan = await planOf(database, tenant, definitionId);
  if (plan) return plan;
  const stored = await database.readAsEngine((session) => findStored(session, tenant, definitionId));
  if (!stored) throw new Problem('NOT_FOUND', `There is no definition '${definitionId}'.`);
  const { name, version, dialect, source, body } = stored;
  // JSON is read as YAML too; by SQL there may be no text.
  const text = source === '' ? JSON.stringify(body) : source;
  const known = isDialect(dialect) ? { dialect } : {};
  const compiled = compile(text, { format: 'yaml', name, version, catalog, ...known });
  await database.asEngine((session) =>
    storeCompiled(
      session,
      tenant,
      definitionId,
      compiled.ok ? { plan: compiled.plan } : { problems: compiled.problems },
    ),
  );
  if (compiled.ok) return compiled.plan;
  throw new Problem('DEFINITION_INVALID', `Version ${version} of '${name}' can't run.`, { errors: compiled.problems });
}
