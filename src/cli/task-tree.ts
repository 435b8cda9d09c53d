import type { Picture } from './picture.ts';
import type { TaskView } from './shapes.ts';
import type { Colors } from './terminal.ts';
import { durationInWords, errorInWords, paintStatus, relativeTime } from './words.ts';

type Node = { readonly name: string; task: TaskView | undefined; readonly children: Map<string, Node> };

/** How many iterations of a loop are shown one by one; above that they are counted by status. */
const SHOWN_ITERATIONS = 5;

const MARKS: { readonly [status: string]: string } = {
  success: '✓',
  failed: '✗',
  timeout: '✗',
  cancelled: '⊘',
  skipped: '↷',
  running: '●',
  waiting: '◷',
  retry: '↻',
};

/** The lines of an execution and its tasks as a tree, `now` in ms. */
export function taskTree(picture: Picture, colors: Colors, now: number): readonly string[] {
  const { execution } = picture;
  const { completed, total } = execution.progress;
  const head = [
    colors.bold(execution.workflow),
    colors.dim(`${execution.version}  ${execution.id}`),
    paintStatus(execution.status, execution.status, colors),
    `${completed}/${total}`,
    execution.startedAt === null ? '' : durationInWords(execution.durationMs ?? now - Date.parse(execution.startedAt)),
  ];
  const root = buildTree([...picture.tasks.values()]);
  return [head.filter((part) => part !== '').join('  '), ...childLines(root, '', { picture, colors, now })];
}

function buildTree(tasks: readonly TaskView[]): Node {
  const root: Node = { name: '', task: undefined, children: new Map() };
  for (const task of tasks) {
    let node = root;
    for (const name of task.path.slice(1).replaceAll('[', '/[').split('/')) {
      let child = node.children.get(name);
      if (child === undefined) node.children.set(name, (child = { name, task: undefined, children: new Map() }));
      node = child;
    }
    node.task = task;
  }
  return root;
}

type Look = { readonly picture: Picture; readonly colors: Colors; readonly now: number };

function childLines(node: Node, indent: string, look: Look): readonly string[] {
  const children = [...node.children.values()];
  const iterations = children.filter((child) => child.name.startsWith('['));
  if (iterations.length > SHOWN_ITERATIONS) return [`${indent}  ${look.colors.dim(countIterations(iterations))}`];
  return children.flatMap((child) => [`${indent}${line(child, look)}`, ...childLines(child, `${indent}  `, look)]);
}

function line({ name, task }: Node, { picture, colors, now }: Look): string {
  if (task === undefined) return `  ${colors.dim(name)}`;
  const running = task.startedAt === null ? undefined : now - Date.parse(task.startedAt);
  const took = task.durationMs ?? (task.status === 'running' ? running : undefined);
  const about = [
    task.executor ?? task.type,
    task.attempt > 1 ? `attempt ${task.attempt}` : '',
    took === undefined ? '' : durationInWords(took),
    ['success', 'running'].includes(task.status) ? '' : task.status,
  ];
  const open = task.type === 'approval' && task.status === 'waiting' ? [...picture.approvals.values()] : [];
  const approval = open.find(({ task: path, status }) => path === task.path && status === 'open');
  const waits =
    approval === undefined ? '' : `\n    ${colors.yellow(approval.id)}${deadlineInWords(approval.deadline, now)}`;
  const error = task.error === null || task.status === 'success' ? '' : `  ${colors.red(errorInWords(task.error))}`;
  const title = task.title === null || task.title === name ? '' : `  ${task.title}`;
  const mark = paintStatus(MARKS[task.status] ?? '○', task.status, colors);
  return `${mark} ${name}${title}  ${colors.dim(about.filter((part) => part !== '').join(', '))}${error}${waits}`;
}

function deadlineInWords(deadline: string | null, now: number): string {
  return deadline === null ? '' : `, due ${relativeTime(deadline, now)}`;
}

function countIterations(iterations: readonly Node[]): string {
  const counts = new Map<string, number>();
  for (const iteration of iterations) {
    const status = statusOf(iteration);
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  const parts = [...counts].map(([status, count]) => `${count} ${status}`);
  return `${iterations.length} iterations: ${parts.join(', ')}`;
}

/** An iteration has no row of its own: it is what its tasks are, the worst first. */
function statusOf(iteration: Node): string {
  const statuses = [...iteration.children.values()].map((child) => child.task?.status ?? 'pending');
  const worst = ['failed', 'timeout', 'cancelled', 'retry', 'running', 'waiting', 'pending', 'success'] as const;
  return worst.find((status) => statuses.includes(status)) ?? 'skipped';
}
