import type { Json } from '../contract.ts';
import type { CatalogEntry } from '../definition/compile.ts';
import { instantiateTemplate } from '../definition/instantiate-template.ts';
import { Problem } from '../problem.ts';
import type { Database } from '../store/database.ts';
import type { DefinitionText } from '../store/definitions.ts';
import { readTemplate } from './read-templates.ts';
import { saveDefinition } from './save-definition.ts';

/**
 * Makes a workflow of a template; whatever name the template's definition has, it gets its own.
 * @throws Problem NOT_FOUND, INPUT_INVALID, DEFINITION_INVALID, CONFLICT, DATABASE_UNAVAILABLE
 */
export async function makeFromTemplate(
  parts: { readonly database: Database; readonly catalog: readonly CatalogEntry[] },
  who: { readonly tenant: string; readonly userId: string },
  request: {
    readonly code: string;
    readonly name: string;
    readonly parameters: { readonly [name: string]: Json };
    readonly requestId: string;
  },
): Promise<DefinitionText> {
  const { code, name, requestId } = request;
  const template = await readTemplate(parts.database, who, code);
  const made = instantiateTemplate(template, request.parameters);
  if (!made.ok) {
    const isTheirs = made.problems.some(({ pointer }) => pointer.startsWith('/parameters'));
    const detail = isTheirs ? "The parameters don't fit the template." : `The template '${code}' can't be used.`;
    throw new Problem(isTheirs ? 'INPUT_INVALID' : 'DEFINITION_INVALID', detail, { errors: made.problems });
  }
  const source = { text: JSON.stringify(named(made.body, name), null, 2), format: 'json' } as const;
  const { definition } = await saveDefinition(parts, who, {
    name,
    source,
    draft: false,
    requestId,
    templateId: template.id,
  });
  return definition;
}

function named(body: Json, name: string): Json {
  const isNamed = typeof body === 'object' && body !== null && 'name' in body;
  return isNamed ? { ...body, name } : body;
}
