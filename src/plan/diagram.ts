import type { Plan, PlanTask, TaskList, TaskType } from './plan.ts';
import { listsIn } from './walk.ts';

/** Characters of one line of a label. */
const LONGEST_LINE = 60;

/** What stands around a task's label. */
const SHAPES: { readonly [K in TaskType]: readonly [open: string, close: string] } = {
  executor: ['[', ']'],
  set: ['(', ')'],
  condition: ['{', '}'],
  sequential: ['[', ']'],
  parallel: ['[', ']'],
  foreach: ['[', ']'],
  wait: ['([', '])'],
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
  const edges = tasks.flatMap((task) =>
    task.after.flatMap((id) => {
      const before = byId.get(id);
      return before ? [`${indent}${nameOf(before)} -->${wayTo(task, id)} ${nameOf(task)}`] : [];
    }),
  );
  return [...tasks.flatMap((task) => drawTask(task, indent)), ...edges];
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
  if (task.type === 'condition') {
    const fork = `${name}_if`;
    const ways = lists.flatMap(({ name: way = '', tasks }) => [
      ...drawList(tasks, inner),
      ...entries(tasks).map((first) => `${inner}${fork} -->|${way}| ${nameOf(first)}`),
    ]);
    return frame(name, labelOf(task), [`${inner}${drawNode(fork, 'condition', [task.condition])}`, ...ways], indent);
  }
  const content = lists.flatMap(({ name: branch, tasks }, i) =>
    branch === undefined
      ? drawList(tasks, inner)
      : frame(`${name}_${i}`, [branch], drawList(tasks, `${inner}  `), inner),
  );
  return frame(name, labelOf(task), content, indent);
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
  const { title } = task;
  const what = task.type === 'executor' ? task.executor : task.type === 'foreach' ? 'for each' : task.type;
  return [
    typeof title === 'string' ? title : task.id,
    typeof title === 'string' ? `${task.id} · ${what}` : what,
    ...ifOf(task),
  ];
}

/** A condition that only chooses a way has no fork inside it to say what it asks. */
function ifOf(task: PlanTask): readonly string[] {
  const isFork = task.type === 'condition' && task.then.length + task.else.length === 0;
  const asked = isFork ? task.condition : task.if;
  return asked === undefined ? [] : [`if ${asked.trim()}`];
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
