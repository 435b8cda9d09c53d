import type { DefinitionProblem } from '../../definition/problems.ts';
import type { SourceError } from '../../definition/source-error.ts';
import type { DefinitionNote } from './note.ts';

type Code = DefinitionProblem | SourceError['code'] | 'DUPLICATE_KEY';

/** Why definitions are refused when they are saved; the example has this problem alone. */
export const DEFINITION_NOTES: { readonly [code in Code]: DefinitionNote } = {
  FIELD_UNKNOWN: {
    means: 'There is no such field at that place.',
    todo: 'Correct its name, which the hint mostly has, or remove it.',
    example: 'titel: x\ntasks: [{ id: a, type: set, vars: { x: 1 } }]\n',
  },
  FIELD_MISSING: {
    means: 'A field that has to be there is not.',
    todo: 'Add it; [the language](language.md) has every field.',
    example: 'title: Empty\n',
  },
  FIELD_INVALID: {
    means: 'The value of a field is of another kind than it has to be, or beyond its limits.',
    todo: 'The message says what it has to be. Mind that YAML reads `no`, `1.20` and times by its own rules: quotes make them texts.',
    example: 'tasks:\n  - { id: a, type: foreach, items: 5, tasks: [{ id: b, type: set, vars: {} }] }\n',
  },
  FIELD_MISPLACED: {
    means: 'The field exists, but not on this type of task, or not beside what is there.',
    todo: 'Put it where the hint says. `timeout` and `retry` belong to `executor` and `sub_workflow`, everything else takes `totalTimeout`.',
    example: 'tasks:\n  - { id: a, type: wait, for: 1s, retry: { maxAttempts: 2 } }\n',
  },
  TASK_TYPE_UNKNOWN: {
    means: 'There is no such type of task.',
    todo: 'Take one of [the types](language.md#task-types).',
    example: 'tasks: [{ id: a, type: sett, vars: {} }]\n',
  },
  TASK_ID_INVALID: {
    means:
      'An id begins with a letter and has up to 64 letters, digits and `_`: it becomes `$tasks.<id>` and part of paths.',
    todo: 'Give it another one; the words for people go into `title`.',
    example: 'tasks: [{ id: send-mail, type: set, vars: {} }]\n',
  },
  TASK_ID_DUPLICATE: {
    means: 'Two tasks of the definition have one id, perhaps in different lists.',
    todo: 'Rename one.',
    example: 'tasks:\n  - { id: a, type: set, vars: {} }\n  - { id: a, type: set, vars: {} }\n',
  },
  TASK_UNKNOWN: {
    means: 'A task that is named in `dependencies` or `next` is not among the siblings.',
    todo: 'Correct the id. What is in another list is waited for by way of the task it is in.',
    example:
      'tasks:\n  - { id: check, type: set, vars: {} }\n  - { id: pay, type: set, vars: {}, dependencies: [chek] }\n',
  },
  DEPENDENCY_CYCLE: {
    means: 'Tasks wait for each other in a ring, so none of them could ever start.',
    todo: 'Take out one of the dependencies. For doing things again there are `loop` and `next`.',
    example:
      'tasks:\n  - { id: a, type: set, vars: {}, dependencies: [b] }\n  - { id: b, type: set, vars: {}, dependencies: [a] }\n',
  },
  TASK_UNREACHABLE: {
    means: 'The task can never run: what comes before it always ends or fails, or jumps over it.',
    todo: 'Give what stops it an `if`, or remove the task.',
    example: 'tasks:\n  - { id: a, type: fail, code: NO }\n  - { id: b, type: set, vars: {} }\n',
  },
  LIST_NEVER_ENDS: {
    means: 'The jumps of a list lead round and round, and no way leaves it.',
    todo: 'Give a task with `next` an `if`, or another one `next: end`.',
    example: 'tasks:\n  - { id: a, type: set, vars: {} }\n  - { id: b, type: set, vars: {}, next: a }\n',
  },
  TRY_WITHOUT_HANDLER: {
    means: 'A `try` without `catch`, `finally` and `onFailure` does nothing that its tasks would not do.',
    todo: 'Add one of them, or make it `sequential`.',
    example: 'tasks:\n  - { id: a, type: try, tasks: [{ id: b, type: set, vars: {} }] }\n',
  },
  CATCH_UNREACHABLE: {
    means: 'A clause before it has taken every error that this one names.',
    todo: 'Put the clause with `*` last.',
    example:
      "tasks:\n  - id: a\n    type: try\n    tasks: [{ id: b, type: set, vars: {} }]\n    catch:\n      - { errors: ['*'], tasks: [] }\n      - { errors: [HTTP_500], tasks: [] }\n",
  },
  EXECUTOR_UNKNOWN: {
    means: 'No worker of this installation has such an executor.',
    todo: 'Correct its name, load the module that has it (`WEFT_EXECUTORS`), or name the `taskQueue` of the worker that does.',
    example: 'tasks:\n  - { id: a, type: executor, executor: htpp, with: {} }\n',
  },
  EXECUTOR_INPUT_INVALID: {
    means: "`with` doesn't fit the schema of the executor, as far as can be told before its expressions have values.",
    todo: 'Correct it; `GET /executors` has the schema.',
    example: 'tasks:\n  - { id: a, type: executor, executor: transform }\n',
  },
  EXPRESSION_INVALID: {
    means:
      'An expression does not parse, or uses what is not allowed: unknown functions, `$eval`, names without `$`, regular expressions with lookahead.',
    todo: 'The message has the place in it. Expressions are JSONata; what they read begins with `$`.',
    example: "tasks:\n  - { id: a, type: set, vars: { x: '{% 1 + %}' } }\n",
  },
  ROOT_UNKNOWN: {
    means: 'There is no such `$name`, or it does not hold at that place.',
    todo: 'The hint says where it holds; [values](language.md#values) has all of them.',
    example: "tasks:\n  - { id: a, type: set, vars: { x: '{% $item %}' } }\n",
  },
  TASK_NOT_VISIBLE: {
    means: '`$tasks` is asked for a task that has not surely ended there, or that is inside another.',
    todo: 'Let the reader wait for it, or read the output of the task it is in.',
    example:
      "tasks:\n  - { id: a, type: set, vars: { x: '{% $tasks.b.output %}' } }\n  - { id: b, type: set, vars: {} }\n",
  },
  VARIABLE_CONFLICT: {
    means:
      'Two tasks without an order between them set one variable, or one sets and the other reads it: what it holds would be chance.',
    todo: 'Put them in order by `dependencies`, or take two variables.',
    example:
      'tasks:\n  - { id: a, type: set, vars: { x: 1 }, dependencies: [] }\n  - { id: b, type: set, vars: { x: 2 }, dependencies: [] }\n',
  },
  AS_SHADOWS_ROOT: {
    means: 'The name in `as` is a root, a function or one that another `as` around it has.',
    todo: 'Take another name.',
    example: 'tasks:\n  - { id: a, type: foreach, items: [1], as: input, tasks: [{ id: b, type: set, vars: {} }] }\n',
  },
  DURATION_INVALID: {
    means: 'It is no duration over zero.',
    todo: 'Write it as `500ms`, `10s`, `1h30m`, `30d` or `PT10S`; a number is ms.',
    example: 'timeout: a while\ntasks: [{ id: a, type: set, vars: {} }]\n',
  },
  QUORUM_NEEDS_ASSIGNEES: {
    means: '`all` and `majority` count assignees; how many people are in a group is not known.',
    todo: 'Name assignees, or make the quorum a number.',
    example: 'tasks:\n  - { id: a, type: approval, candidateGroups: [finance], quorum: all }\n',
  },
  APPROVAL_WITHOUT_CANDIDATES: {
    means: 'Nobody could decide the approval.',
    todo: 'Name `assignees` or `candidateGroups`.',
    example: 'tasks:\n  - { id: a, type: approval }\n',
  },
  ESCALATE_WITHOUT_TARGET: {
    means: '`onTimeout: escalate` needs to know to whom, and `escalateTo` needs it.',
    todo: 'Add `escalateTo` with its assignees or groups.',
    example: 'tasks:\n  - { id: a, type: approval, assignees: [x], deadline: 1h, onTimeout: escalate }\n',
  },
  INPUT_SCHEMA_INVALID: {
    means: '`input` is no JSON Schema (2020-12), or one that could not be checked in a bounded time.',
    todo: 'Correct it; the message has the place.',
    example: 'input: text\ntasks: [{ id: a, type: set, vars: {} }]\n',
  },
  FORM_INVALID: {
    means: "An approval's `form` is no JSON Schema (2020-12).",
    todo: 'Correct it; the message has the place.',
    example: 'tasks: [{ id: a, type: approval, assignees: [x], form: yes please }]\n',
  },
  NAME_INVALID: {
    means:
      'A name has 1 to 128 characters, none of them `/` or a control character, and is the same in the text and in the address.',
    todo: 'Correct it; the words for people go into `title`.',
    example: 'name: a/b\ntasks: [{ id: a, type: set, vars: {} }]\n',
  },
  VERSION_INVALID: {
    means: 'A version is a text of up to 32 of the characters `0-9 A-Z a-z . _ + -`.',
    todo: 'Write it in quotes: YAML reads `1.20` as the number 1.2.',
    example: 'version: 1.20\ntasks: [{ id: a, type: set, vars: {} }]\n',
  },
  PATH_TOO_LONG: {
    means: 'Tasks are nested so deep, with ids so long, that a path would be longer than the database holds.',
    todo: 'Shorten ids, or put the inner part into a workflow of its own (`sub_workflow`).',
  },
  NOT_SUPPORTED_YET: {
    means: 'It is part of the language, but this version of Weft does not do it.',
    todo: 'Do without it for now.',
    example: 'tasks:\n  - { id: i, type: executor, executor: transform, with: { value: { $secret: token } } }\n',
  },
  PLAN_TOO_LARGE: {
    means: 'The definition has over 3,000 tasks, or its Plan, which travels with each execution, over 256 kB.',
    todo: 'Put parts of it into workflows of their own (`sub_workflow`), and large constants into the input.',
  },
  YAML_INVALID: {
    means: 'The text is no YAML.',
    todo: 'Correct it at line and column; mostly it is indentation, or a text with `:` or `{` that needs quotes.',
    example: 'tasks:\n\t- id: a\n',
  },
  JSON_INVALID: {
    means: 'The text is no JSON.',
    todo: 'Correct it at line and column. Definitions may be YAML, too: `Content-Type: application/yaml`.',
    example: '{"tasks": [{"id": "a", "type": "set", "vars": {}},]}',
    format: 'json',
  },
  TOO_DEEP: {
    means: 'The text is nested deeper than is read, or an alias contains itself.',
    todo: 'Flatten it.',
    example: 'tasks: &loop [*loop]\n',
  },
  TOO_LARGE: {
    means: 'The text has more values, keys in one object, or aliases than are read.',
    todo: 'Make it smaller, or several.',
  },
  DUPLICATE_KEY: {
    means: 'An object has a key twice; one of the two values would be lost.',
    todo: 'Remove one.',
    example: 'title: One\ntitle: Two\ntasks: [{ id: a, type: set, vars: {} }]\n',
  },
};
