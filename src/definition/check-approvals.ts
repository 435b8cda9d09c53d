import type { Json } from '../contract.ts';
import type { List } from './outline.ts';
import { isList, isObject, walk } from './outline.ts';
import { inside } from './pointer.ts';
import type { Problems } from './problems.ts';
import { holdsExpression } from './template-text.ts';

type Fields = { readonly [field: string]: Json };

/** Somebody can decide, enough of them can, and what happens at a deadline can happen. */
export function checkApprovals(top: List, problems: Problems): void {
  for (const { type, fields, pointer } of walk(top)) {
    if (type !== 'approval') continue;
    checkStage(fields, pointer, problems);
    checkQuorum(fields, pointer, problems);
  }
}

function checkStage(stage: Fields, pointer: string, problems: Problems): void {
  const { assignees, candidateGroups, deadline, onTimeout, escalateTo } = stage;
  if (count(assignees) === 0 && count(candidateGroups) === 0) {
    const message = "Nobody can decide it: 'assignees' and 'candidateGroups' are empty.";
    problems.add({ code: 'APPROVAL_WITHOUT_CANDIDATES', pointer, message });
  }
  if (onTimeout === 'escalate' && escalateTo === undefined) {
    const message = "'onTimeout: escalate' needs 'escalateTo': who decides then.";
    problems.add({ code: 'ESCALATE_WITHOUT_TARGET', pointer: inside(pointer, 'onTimeout'), message });
  }
  if (onTimeout !== undefined && deadline === undefined) {
    problems.add({
      code: 'FIELD_MISSING',
      pointer: inside(pointer, 'deadline'),
      message: "'onTimeout' needs a 'deadline'.",
    });
  }
  if (escalateTo === undefined) return;
  const at = inside(pointer, 'escalateTo');
  if (onTimeout !== 'escalate') {
    const message = "It is never handed on: 'onTimeout' is not escalate.";
    problems.add({ code: 'FIELD_INVALID', pointer: at, message, hint: "Write 'onTimeout: escalate'." });
  }
  if (isObject(escalateTo)) checkStage(escalateTo, at, problems);
}

function checkQuorum({ quorum, assignees, candidateGroups }: Fields, pointer: string, problems: Problems): void {
  const at = inside(pointer, 'quorum');
  const hasGroups = count(candidateGroups) !== 0;
  if ((quorum === 'all' || quorum === 'majority') && hasGroups) {
    const message = `'quorum: ${quorum}' counts 'assignees': how many are in a group isn't known.`;
    problems.add({
      code: 'QUORUM_NEEDS_ASSIGNEES',
      pointer: at,
      message,
      hint: "Leave out 'candidateGroups', or give a number.",
    });
  }
  const people = count(assignees);
  if (typeof quorum === 'number' && people !== undefined && quorum > people && !hasGroups) {
    const message = `${quorum} must approve, but there are ${people} assignees.`;
    problems.add({ code: 'FIELD_INVALID', pointer: at, message });
  }
}

/** How many names it is; undefined where an expression gives them. */
function count(names: Json | undefined): number | undefined {
  if (names === undefined || names === null) return 0;
  if (holdsExpression(names)) return undefined;
  return new Set((isList(names) ? names : [names]).filter((name) => name !== '')).size;
}
