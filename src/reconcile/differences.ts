import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../contract.ts';
import type { Merged } from '../mirror/merge-rows.ts';
import type { MirrorRow } from '../mirror/mirror-row.ts';
import type { Compared, ComparedTask } from '../mirror/read-compared.ts';

/** Something that Temporal and the mirror tell differently. */
export type Difference = {
  /** Of the task; null where it is about the execution itself. */
  readonly path: string | null;
  readonly field: string;
  readonly temporal: Json;
  readonly mirror: Json;
};

/** What a task gets that the end of its execution cut off. */
export type LeftOver = { readonly code: string; readonly detail: string };

const OPEN = ['pending', 'running', 'waiting', 'retry'];
const NOTHING = { status: null, errorCode: null, errorDetail: null };

/**
 * Where the mirror differs from what histories say. Of an execution that runs on, what has ended in Temporal is compared,
 * and what the mirror takes for a fact; its workers may know more, but what is open has to be there: nobody decides an
 * approval that isn't.
 * @param expected all that its histories say, merged; with the execution's own row where it has ended
 * @param about leftOver: undefined where it runs on; isWhole: none of its histories is forgotten
 */
export function differencesOf(
  expected: Merged,
  mirror: Compared,
  { leftOver, isWhole }: { readonly leftOver: LeftOver | undefined; readonly isWhole: boolean },
): readonly Difference[] {
  const found: Difference[] = [];
  const add = (path: string | null, field: string, temporal: unknown, ours: unknown): void => {
    const [a, b] = [temporal ?? null, ours ?? null];
    if (!isDeepStrictEqual(a, b)) found.push({ path, field, temporal: a as Json, mirror: b as Json });
  };

  for (const row of expected.executions.values()) {
    const { errorTask, ...ours } = mirror.execution;
    compareOutcome(null, outcomeOf(row, 'output'), ours);
    add(null, 'error task', row.values['error_task'], errorTask);
  }
  const rows = new Map(mirror.tasks.map((task) => [task.path, task]));
  for (const row of expected.tasks.values()) {
    const path = String(row.values['path']);
    const ours = rows.get(path);
    rows.delete(path);
    const isOpen = OPEN.includes(String(row.values['status']));
    if (isOpen && !leftOver) {
      if (!ours || (ours.authority > 0 && !OPEN.includes(ours.status)))
        add(path, 'status', row.values['status'], ours?.status);
      continue;
    }
    const outcome = isOpen
      ? { status: 'cancelled', output: undefined, errorCode: leftOver?.code, errorDetail: leftOver?.detail }
      : outcomeOf(row, 'result');
    compareOutcome(path, outcome, ours ?? { ...NOTHING, output: null });
    const attempt = Number(row.values['attempt'] ?? 0);
    if (ours && attempt > 0) add(path, 'attempt', attempt, ours.attempt);
    if (ours && leftOver) compareAttempts(ours);
  }
  for (const task of isWhole ? rows.values() : [])
    if (!mayStandAlone(task, leftOver)) add(task.path, 'status', null, task.status);
  compareApprovals();
  return found;

  function compareOutcome(path: string | null, told: Outcome, ours: Outcome): void {
    add(path, 'status', told.status, ours.status);
    if (told.output !== undefined) add(path, 'output', told.output, ours.output);
    add(path, 'error', told.errorCode, ours.errorCode);
    add(path, 'error detail', told.errorDetail, ours.errorDetail);
  }

  /** Every attempt has a row, if only one that says that it was lost. */
  function compareAttempts({ path, executor, attempt, attempts, running }: ComparedTask): void {
    if (executor !== null && attempt > 0) {
      add(
        path,
        'attempts',
        Array.from({ length: attempt }, (_, i) => i + 1),
        attempts.filter((n) => n <= attempt),
      );
    }
    add(path, 'running attempts', 0, running);
  }

  function compareApprovals(): void {
    const approvals = new Map(mirror.approvals.map((approval) => [approval.id, approval]));
    for (const { values } of expected.approvals.values()) {
      const path = String(values['path']);
      const ours = approvals.get(String(values['id']));
      approvals.delete(String(values['id']));
      const isOpen = values['status'] === 'open';
      if (isOpen && !leftOver) {
        if (!ours || ours.authority > 0) add(path, 'approval', 'open', ours?.status);
        continue;
      }
      add(path, 'approval', isOpen ? 'cancelled' : values['status'], ours?.status);
      add(path, 'decided by', isOpen ? 'system' : values['decided_by'], ours?.decidedBy);
      const votes = [...expected.votes.values()].filter((vote) => vote.values['approval_id'] === values['id']);
      add(
        path,
        'votes',
        votes.map((vote) => `${vote.values['voter_id']} ${vote.values['decision']}`).sort(),
        ours?.votes,
      );
    }
    for (const { path, status, authority } of isWhole ? approvals.values() : [])
      if (leftOver || authority > 0) add(path, 'approval', null, status);
  }
}

type Outcome = {
  readonly status: unknown;
  /** undefined: not told. */
  readonly output: unknown;
  readonly errorCode: unknown;
  readonly errorDetail: unknown;
};

function outcomeOf({ values, givenAt }: MirrorRow, column: 'output' | 'result'): Outcome {
  const text = values[column];
  const output = typeof text === 'string' ? (JSON.parse(text) as Json) : null;
  return {
    status: values['status'],
    output: givenAt['outcome'] === undefined ? undefined : output,
    errorCode: values['error_code'],
    errorDetail: values['error_detail'],
  };
}

/**
 * A local activity that was cut off leaves nothing in the history, and what is only hinted at isn't there yet; all that a
 * worker alone tells of a task is that it runs, or ran until the end.
 */
function mayStandAlone(
  { executor, status, errorCode, authority }: ComparedTask,
  leftOver: LeftOver | undefined,
): boolean {
  if (!leftOver) return authority === 0;
  return executor !== null && status === 'cancelled' && errorCode === leftOver.code;
}
