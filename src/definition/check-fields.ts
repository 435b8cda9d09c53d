import type { Json } from '../contract.ts';
import { inspectExpression } from '../expression/inspect.ts';
import { parseDuration } from '../plan/duration.ts';
import type { Clause, List, Node } from './outline.ts';
import { isObject, isText, walk } from './outline.ts';
import { inside } from './pointer.ts';
import type { Problems } from './problems.ts';
import { namesAround } from './roots.ts';

type Check = (node: Node, problems: Problems) => void;

/** Fields that must agree with each other, by type of task. */
const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['wait', ({ fields, pointer }, problems) => checkOneOf('A wait', ['for', 'until'], fields, pointer, problems)],
  ['loop', ({ fields, pointer }, problems) => checkOneOf('A loop', ['while', 'until'], fields, pointer, problems)],
  ['parallel', checkJoin],
  ['foreach', checkForeach],
  ['try', (node, problems) => node.clauses.forEach((clause) => checkName(clause, node, problems))],
  ['sub_workflow', checkDetached],
]);

/** What the schema of one field can't say. */
export function checkFields(top: List, body: { readonly [field: string]: Json }, problems: Problems): void {
  const { defaults } = body;
  if (isObject(defaults)) checkRetry(defaults['retry'], '/defaults/retry', problems);
  for (const node of walk(top)) {
    checkRetry(node.fields['retry'], inside(node.pointer, 'retry'), problems);
    for (const field of ['compensate', 'reminders']) {
      const call = node.fields[field];
      if (isObject(call)) checkRetry(call['retry'], inside(node.pointer, field, 'retry'), problems);
    }
    CHECKS.get(node.type)?.(node, problems);
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

function checkOneOf(
  what: string,
  [first, second]: readonly [string, string],
  fields: Node['fields'],
  pointer: string,
  problems: Problems,
): void {
  const given = [first, second].filter((field) => fields[field] !== undefined);
  if (given.length === 0) {
    const message = `${what} needs '${first}' or '${second}'.`;
    problems.add({ code: 'FIELD_MISSING', pointer: inside(pointer, first), message });
  } else if (given.length === 2) {
    const message = `${what} takes '${first}' or '${second}', not both.`;
    problems.add({ code: 'FIELD_INVALID', pointer: inside(pointer, second), message });
  }
}

function checkJoin({ fields, pointer, lists }: Node, problems: Problems): void {
  const count = isObject(fields['join']) ? fields['join']['count'] : undefined;
  if (typeof count !== 'number' || count <= lists.length || lists.length === 0) return;
  const message = `${count} must succeed, but there are ${lists.length} branches.`;
  problems.add({ code: 'FIELD_INVALID', pointer: inside(pointer, 'join', 'count'), message });
}

function checkForeach(node: Node, problems: Problems): void {
  const { tolerate } = node.fields;
  checkName(node, node, problems);
  if (!isObject(tolerate)) return;
  const pointer = inside(node.pointer, 'tolerate');
  checkOneOf("'tolerate'", ['failures', 'percent'], tolerate, pointer, problems);
}

/** A name that would hide a root, or a function of the expressions, is taken. */
function checkName({ fields, pointer }: Clause, node: Node, problems: Problems): void {
  const name = fields['as'];
  if (!isText(name) || !/^\w+$/.test(name)) return;
  const isTaken = inspectExpression(`$${name}`, namesAround(node)).problems.length === 0;
  if (!isTaken && name !== 'tasks' && name !== 'eval') return;
  const message = `'as: ${name}' would hide $${name}.`;
  problems.add({ code: 'AS_SHADOWS_ROOT', pointer: inside(pointer, 'as'), message });
}

/** Nobody waits for a detached child, so nothing limits it or starts another one. */
function checkDetached({ fields, pointer }: Node, problems: Problems): void {
  if (fields['mode'] !== 'detach') return;
  for (const field of ['timeout', 'retry'].filter((name) => fields[name] !== undefined)) {
    problems.add({
      code: 'FIELD_MISPLACED',
      pointer: inside(pointer, field),
      part: 'key',
      message: `'${field}' belongs to a child that is waited for, not to a detached one.`,
    });
  }
}
