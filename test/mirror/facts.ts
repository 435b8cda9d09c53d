import type { HistoryFact, Subject, TaskFact } from '../../src/mirror/record.ts';

/** That a task has succeeded, or what `more` says of it. */
export function taskFact(subject: Subject, path: string, more: Partial<TaskFact> = {}): TaskFact {
  const task = { path, taskId: path.slice(1), type: 'executor', dependencies: [], order: 0 };
  const order = { epoch: 0, authority: 0, ord: 1, attempt: 1, stateRank: 4 } as const;
  const rest = { retryCount: 0, maxRetries: null, local: false, startedAt: 1, endedAt: 2 };
  return { ...subject, ...order, ...rest, kind: 'task', task, status: 'success', result: 'done', ...more };
}

/** A row of an execution's history. */
export function event(subject: Subject, eventType: string): HistoryFact {
  return { ...subject, kind: 'history', eventKey: eventType, eventType, at: 1, path: null, actor: null, data: {} };
}
