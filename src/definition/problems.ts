import type { Issue } from '../problem.ts';
import type { Locate, Part } from './located.ts';

/** Why a definition can't be saved, beside what {@link SourceError} says of its text. */
export const DEFINITION_PROBLEMS = [
  'FIELD_UNKNOWN',
  'FIELD_MISSING',
  'FIELD_INVALID',
  'FIELD_MISPLACED',
  'TASK_TYPE_UNKNOWN',
  'TASK_ID_INVALID',
  'TASK_ID_DUPLICATE',
  'TASK_UNKNOWN',
  'DEPENDENCY_CYCLE',
  'TASK_UNREACHABLE',
  'LIST_NEVER_ENDS',
  'TRY_WITHOUT_HANDLER',
  'CATCH_UNREACHABLE',
  'EXECUTOR_UNKNOWN',
  'EXECUTOR_INPUT_INVALID',
  'EXPRESSION_INVALID',
  'ROOT_UNKNOWN',
  'TASK_NOT_VISIBLE',
  'VARIABLE_CONFLICT',
  'AS_SHADOWS_ROOT',
  'DURATION_INVALID',
  'QUORUM_NEEDS_ASSIGNEES',
  'APPROVAL_WITHOUT_CANDIDATES',
  'ESCALATE_WITHOUT_TARGET',
  'INPUT_SCHEMA_INVALID',
  'FORM_INVALID',
  'NAME_INVALID',
  'VERSION_INVALID',
  'PATH_TOO_LONG',
  'NOT_SUPPORTED_YET',
  'PLAN_TOO_LARGE',
] as const;
export type DefinitionProblem = (typeof DEFINITION_PROBLEMS)[number];

export type Found = {
  readonly code: DefinitionProblem;
  readonly pointer: string;
  /** Which part of what the pointer names; its value when left out. */
  readonly part?: Part;
  readonly message: string;
  readonly hint?: string;
};

/** Collects what is wrong; the first hundred are kept. */
export type Problems = {
  readonly add: (found: Found) => void;
  readonly isFull: () => boolean;
  /** A pointer as it is told to people. */
  readonly originOf: (pointer: string) => string;
  /** In the order of the text. */
  readonly list: () => readonly Issue[];
};

const MOST = 100;

export function createProblems(locate: Locate, first: readonly Issue[] = []): Problems {
  const issues = [...first];
  const known = new Set<string>();

  return {
    add: ({ code, pointer, part, message, hint }) => {
      const key = JSON.stringify([code, pointer, message]);
      if (issues.length >= MOST || known.has(key)) return;
      known.add(key);
      const advice = hint === undefined ? {} : { hint: sentence(hint) };
      issues.push({ pointer, ...locate(pointer, part), code, message: sentence(message), ...advice });
    },
    isFull: () => issues.length >= MOST,
    originOf: (pointer) => pointer,
    list: () =>
      issues.slice(0, MOST).sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)),
  };
}

/** Problems of what was made of a text: each is told of what it was made of. */
export function problemsOfOrigin(problems: Problems, originOf: (pointer: string) => string): Problems {
  return { ...problems, originOf, add: (found) => problems.add({ ...found, pointer: originOf(found.pointer) }) };
}

/** What libraries say may lack its full stop. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
