import type { Json } from '../contract.ts';
import { inspectExpression } from '../expression/inspect.ts';
import { parseDuration } from '../plan/duration.ts';
import type { List, Node } from './outline.ts';
import { isObject, isText, walk } from './outline.ts';
import { inside } from './pointer.ts';
import type { Problems } from './problems.ts';
import { itemNames } from './read-expressions.ts';

/** Fields that must agree with each other, which the schema of one field can't say. */
export function checkFields(top: List, body: { readonly [field: string]: Json }, problems: Problems): void {
  const { defaults } = body;
  if (isObject(defaults)) checkRetry(defaults['retry'], '/defaults/retry', problems);
  for (const node of walk(top)) {
    checkRetry(node.fields['retry'], inside(node.pointer, 'retry'), problems);
    if (node.type === 'wait') checkWait(node, problems);
    if (node.type === 'foreach') checkItemName(node, problems);
  }
}

function checkRetry(retry: Json | undefined, pointer: string, problems: Problems): void {
  if (!isObject(retry)) return;
  const { initialInterval, maximumInterval } = retry;
  const [first, longest] = [parseDuration(initialInterval), parseDuration(maximumInterval)];
  if (first === undefined || longest === undefined || first <= longest) return;
  const message = "'maximumInterval' must not be under 'initialInterval'.";
  problems.add({ code: 'FIELD_INVALID', pointer: inside(pointer, 'maximumInterval'), message });
}

function checkWait({ fields, pointer }: Node, problems: Problems): void {
  const given = ['for', 'until'].filter((field) => fields[field] !== undefined);
  if (given.length === 1) return;
  if (given.length === 0)
    problems.add({ code: 'FIELD_MISSING', pointer: inside(pointer, 'for'), message: "A wait needs 'for' or 'until'." });
  else
    problems.add({
      code: 'FIELD_INVALID',
      pointer: inside(pointer, 'until'),
      message: "A wait takes 'for' or 'until', not both.",
    });
}

/** A name that would hide a root, or a function of the expressions, is taken. */
function checkItemName(node: Node, problems: Problems): void {
  const name = node.fields['as'];
  if (!isText(name) || !/^\w+$/.test(name)) return;
  const isTaken = inspectExpression(`$${name}`, itemNames(node)).problems.length === 0;
  if (!isTaken && name !== 'tasks' && name !== 'eval') return;
  const message = `'as: ${name}' would hide $${name}.`;
  problems.add({ code: 'AS_SHADOWS_ROOT', pointer: inside(node.pointer, 'as'), message });
}
