import { ENDED_EXECUTION_STATUSES } from '../contract.ts';
import type { ExecutionStatus } from '../contract.ts';
import type { ServerEvent } from './server-events.ts';
import type { ApprovalView, ExecutionView, TaskView } from './shapes.ts';

/** An execution as its stream showed it so far; the maps are by path and by id. */
export type Picture = {
  readonly execution: ExecutionView;
  readonly tasks: ReadonlyMap<string, TaskView>;
  readonly approvals: ReadonlyMap<string, ApprovalView>;
  /** What the last event told. */
  readonly news: Rows;
};

type Rows = { readonly tasks: readonly TaskView[]; readonly approvals: readonly ApprovalView[] };
type Snapshot = Rows & { readonly execution: ExecutionView };

/** The picture after an event; a snapshot replaces it whole, and what comes before the first one is left out. */
export function applyEvent(picture: Picture | undefined, { event, data }: ServerEvent): Picture | undefined {
  if (event === 'snapshot') {
    const { execution, tasks, approvals } = JSON.parse(data) as Snapshot;
    return withRows(execution, new Map(), new Map(), { tasks, approvals });
  }
  if (picture === undefined) return undefined;
  const execution = event === 'execution' ? (JSON.parse(data) as ExecutionView) : picture.execution;
  const tasks = event === 'task' ? [JSON.parse(data) as TaskView] : [];
  const approvals = event === 'approval' ? [JSON.parse(data) as ApprovalView] : [];
  return withRows(execution, picture.tasks, picture.approvals, { tasks, approvals });
}

function withRows(
  execution: ExecutionView,
  tasks: ReadonlyMap<string, TaskView>,
  approvals: ReadonlyMap<string, ApprovalView>,
  news: Rows,
): Picture {
  // Grown in place: a copy for each event of a long loop would be quadratic.
  for (const task of news.tasks) (tasks as Map<string, TaskView>).set(task.path, task);
  for (const approval of news.approvals) (approvals as Map<string, ApprovalView>).set(approval.id, approval);
  return { execution, tasks, approvals, news };
}

export function hasEnded(status: ExecutionStatus): boolean {
  return (ENDED_EXECUTION_STATUSES as readonly string[]).includes(status);
}
