import type { Json } from '../contract.ts';
import type { List } from './outline.ts';
import { isObject, walk } from './outline.ts';
import { inside, keysOf } from './pointer.ts';
import type { Problems } from './problems.ts';
import { holdsExpression } from './template-text.ts';
import { validatorOf } from './validator.ts';

/** The JSON Schemas in a definition are some: that of its input, and those of approvals' forms. */
export function checkSchemas(top: List, body: { readonly [field: string]: Json }, problems: Problems): void {
  if (body['input'] !== undefined) report(body['input'], '/input', 'INPUT_SCHEMA_INVALID', problems);
  for (const { type, fields, pointer } of walk(top)) {
    const { form } = fields;
    // Expressions in it are known only when it runs.
    if (type !== 'approval' || form === undefined || holdsExpression(form)) continue;
    report(form, inside(pointer, 'form'), 'FORM_INVALID', problems);
  }
}

function report(
  schema: Json,
  pointer: string,
  code: 'INPUT_SCHEMA_INVALID' | 'FORM_INVALID',
  problems: Problems,
): void {
  if (typeof schema !== 'boolean' && !isObject(schema)) {
    problems.add({ code, pointer, message: `'${keysOf(pointer).at(-1) ?? ''}' must be a JSON Schema.` });
    return;
  }
  const checked = validatorOf(schema);
  if ('validator' in checked) return;
  for (const { pointer: at, message } of checked.flaws) problems.add({ code, pointer: `${pointer}${at}`, message });
}
