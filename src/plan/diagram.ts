import type { Plan, PlanTask, TaskList, TaskType } from './plan.ts';
import type { InnerList } from './walk.ts';
import { listsIn } from './walk.ts';

/** Characters of one line of a label. */
const LONGEST_LINE = 60;

/** What stands around a task's label. */
const SHAPES: { readonly [K in TaskType]: readonly [open: string, close: string] } = {
  executor: ['[', ']'],
  set: ['(', ')'],
  condition: ['{', '}'],
  switch: ['{', '}'],
  sequential: ['[', ']'],
  parallel: ['[', ']'],
  foreach: ['[', ']'],
  loop: ['[', ']'],
  try: ['[', ']'],
  sub_workflow: ['[[', ']]'],
  wait: ['([', '])'],
  event: ['([', '])'],
  emit: ['>', ']'],
  approval: ['{{', '}}'],
  fail: ['[[', ']]'],
  end: ['[[', ']]'],
};

/** A Plan as a Mermaid flowchart: tasks in the order they run, those with tasks in them as frames. */
export function mermaid(plan: Plan): string {
  return [
    'flowchart TD',
    ...drawList(plan.tasks, '  '),
    '  start(("start"))',
    ...entries(plan.tasks).map((task) => `  start --> ${nameOf(task)}`),
    '',
  ].join('\n');
}

function drawList(tasks: TaskList, indent: string): readonly string[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const edges = tasks.some(({ next }) => next !== undefined) ? jumpsIn(tasks, byId) : edgesIn(tasks, byId);
  return [...tasks.flatMap((task) => drawTask(task, indent)), ...edges.map((edge) => `${indent}${edge}`)];
}

function edgesIn(tasks: TaskList, byId: ReadonlyMap<string, PlanTask>): readonly string[] {
  return tasks.flatMap((task) =>
    task.after.flatMap((id) => {
      const before = byId.get(id);
      return before ? [`${nameOf(before)} -->${wayTo(task, id)} ${nameOf(task)}`] : [];
    }),
  );
}

/** A task that jumps goes on below only when it is skipped. */
function jumpsIn(tasks: TaskList, byId: ReadonlyMap<string, PlanTask>): readonly string[] {
  return tasks.flatMap((task, i) => {
    const below = tasks[i + 1];
    const target = byId.get(task.next ?? '');
    const isBelow = task.next === undefined || task.if !== undefined;
    return [
      ...(target ? [`${nameOf(task)} --> ${nameOf(target)}`] : []),
      ...(below && isBelow
        ? [`${nameOf(task)} -->${task.next === undefined ? '' : '|skipped|'} ${nameOf(below)}`]
        : []),
    ];
  });
}

/** Which way of the one before leads to a task, where that isn't any. */
function wayTo({ gates = [] }: PlanTask, before: string): string {
  const ways = gates.filter(({ task }) => task === before).map(({ way }) => way);
  return ways.length === 0 || ways.includes(undefined) ? '' : `|${ways.join(', ')}|`;
}

function drawTask(task: PlanTask, indent: string): readonly string[] {
  const lists = listsIn(task).filter(({ tasks }) => tasks.length > 0);
  if (lists.length === 0) return [`${indent}${drawNode(nameOf(task), task.type, labelOf(task))}`];
  const inner = `${indent}  `;
  const name = nameOf(task);
  const asked = askedBy(task);
  if (asked) {
    const fork = `${name}_if`;
    const ways = lists.flatMap(({ name: way = '', tasks }) => [
      ...drawList(tasks, inner),
      ...entries(tasks).map((first) => `${inner}${fork} -->|${way}| ${nameOf(first)}`),
    ]);
    return frame(name, labelOf(task), [`${inner}${drawNode(fork, task.type, asked)}`, ...ways], indent);
  }
  const content = lists.flatMap(({ name: part, tasks }, i) =>
    part === undefined
      ? drawList(tasks, inner)
      : frame(`${name}_${i}`, [partLabel(task, part)], drawList(tasks, `${inner}  `), inner),
  );
  return frame(name, labelOf(task), [...content, ...afterFailures(task, lists, inner)], indent);
}

/** From what may fail in a `try` to what is done about it. */
function afterFailures(task: PlanTask, lists: readonly InnerList[], indent: string): readonly string[] {
  if (task.type !== 'try') return [];
  const name = nameOf(task);
  return lists.flatMap(({ name: part = '' }, i) => {
    const arrow = part === 'finally' ? '-->' : '-.->|error|';
    return part === 'tasks' ? [] : [`${indent}${name}_0 ${arrow} ${name}_${i}`];
  });
}

function partLabel(task: PlanTask, part: string): string {
  if (task.type !== 'try') return part;
  const clause = task.catch.find((_, i) => part === `catch${i}`);
  const when = clause?.when === undefined ? '' : ` when ${clause.when.trim()}`;
  return clause ? `catch ${clause.errors.join(', ')}${when}` : part === 'tasks' ? 'try' : part;
}

/** What a task that only chooses a way asks. */
function askedBy(task: PlanTask): readonly string[] | undefined {
  if (task.type === 'condition') return [task.condition];
  return task.type === 'switch' ? task.cases.map(({ when }, i) => `case${i}: ${when.trim()}`) : undefined;
}

function frame(name: string, label: readonly string[], content: readonly string[], indent: string): readonly string[] {
  return [`${indent}subgraph ${name}["${escape(label)}"]`, ...content, `${indent}end`];
}

function drawNode(name: string, type: TaskType, label: readonly string[]): string {
  const [open, close] = SHAPES[type];
  return `${name}${open}"${escape(label)}"${close}`;
}

/** Where a list begins. */
function entries(tasks: TaskList): TaskList {
  return tasks.filter(({ after }) => after.length === 0);
}

/** Ids may be words of Mermaid's, such as `end`. */
function nameOf({ order }: PlanTask): string {
  return `t${order}`;
}

function labelOf(task: PlanTask): readonly string[] {
  const { title, compensate } = task;
  const what = whatOf(task);
  return [
    typeof title === 'string' ? title : task.id,
    typeof title === 'string' ? `${task.id} · ${what}` : what,
    ...ifOf(task),
    ...(compensate ? [`compensated by ${compensate.executor}`] : []),
  ];
}

function whatOf(task: PlanTask): string {
  if (task.type === 'executor') return task.executor;
  if (task.type === 'foreach') return 'for each';
  if (task.type === 'loop')
    return task.while === undefined ? `loop until ${task.until ?? ''}` : `loop while ${task.while}`;
  if (task.type === 'event' || task.type === 'emit') return `${task.type} ${task.name}`;
  return task.type === 'sub_workflow' ? `sub_workflow ${task.workflow}` : task.type;
}

/** A task that only chooses a way, and holds none, has no fork inside it to say what it asks. */
function ifOf(task: PlanTask): readonly string[] {
  const isBare = listsIn(task).every(({ tasks }) => tasks.length === 0);
  const asked = isBare ? askedBy(task) : undefined;
  const isAsked = task.type === 'condition' && asked ? asked.map((line) => `if ${line.trim()}`) : (asked ?? []);
  return [...(task.if === undefined ? [] : [`if ${task.if.trim()}`]), ...isAsked];
}

function escape(lines: readonly string[]): string {
  return lines.map((line) => escapeLine(line.trim())).join('<br/>');
}

/** Nothing in a label is Mermaid, Markdown or HTML. */
function escapeLine(line: string): string {
  const characters = Array.from(line.replaceAll(/\s+/g, ' '));
  const shown = characters.length > LONGEST_LINE ? [...characters.slice(0, LONGEST_LINE - 1), '…'] : characters;
  return shown
    .map((character) => (/[\p{L}\p{N} .,:/()…·'?!=+_-]/u.test(character) ? character : entity(character)))
    .join('')
    .replace(/^-|(?<=^\d+)\./, entity);
}

function entity(character: string): string {
  return `#${character.codePointAt(0) ?? 0};`;
}
