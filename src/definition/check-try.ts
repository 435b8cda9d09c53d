import type { List, Node } from './outline.ts';
import { isList, isText, walk } from './outline.ts';
import type { Problems } from './problems.ts';

const ALL = '*';
/** What `*` doesn't stand for. */
const NEVER_ALL: ReadonlySet<string> = new Set(['CANCELLED', 'TERMINATED']);

/** A `try` does something about errors, and each of its clauses can be taken. */
export function checkTries(top: List, problems: Problems): void {
  for (const node of walk(top)) {
    if (node.type !== 'try') continue;
    checkHandlers(node, problems);
    checkClauses(node, problems);
  }
}

function checkHandlers({ fields, pointer }: Node, problems: Problems): void {
  const isThere = (field: string) => {
    const held = fields[field];
    return isList(held) ? held.length > 0 : held !== undefined;
  };
  if (['catch', 'finally', 'onFailure'].some(isThere)) return;
  problems.add({
    code: 'TRY_WITHOUT_HANDLER',
    pointer,
    message: "It does nothing about errors: it has no 'catch', no 'finally' and no 'onFailure'.",
    hint: "Give it one of them, or make it 'sequential'.",
  });
}

function checkClauses({ clauses }: Node, problems: Problems): void {
  const caught = new Set<string>();
  for (const { fields, pointer } of clauses) {
    const { errors, when } = fields;
    const codes = isList(errors) ? errors.filter(isText) : [];
    const isCaught = (code: string) => caught.has(code) || (caught.has(ALL) && !NEVER_ALL.has(code));
    if (codes.length > 0 && codes.every(isCaught)) {
      problems.add({
        code: 'CATCH_UNREACHABLE',
        pointer,
        message: `It is never taken: clauses above it catch ${codes.join(', ').slice(0, 500)}.`,
        hint: "Put it first, or give the one above a 'when'.",
      });
    }
    if (when === undefined) for (const code of codes) caught.add(code);
  }
}
