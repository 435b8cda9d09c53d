import { defaultPayloadConverter } from '@temporalio/common';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import type { RunInput, TaskStatus, TaskTransition, Transition } from '../contract.ts';
import { factsOf } from '../mirror/from-transition.ts';
import type { Fact, Subject } from '../mirror/record.ts';
import { finishedActivities, runInputIn, unfinishedActivities } from './activities-in.ts';
import type { Replayer } from './replayer.ts';

/** What orders the facts of one history: among others of its execution; undefined while that runs on. */
export type FoldOrder = { readonly epoch: number; readonly ord: number } | undefined;

/**
 * What a run's history says of its tasks and approvals, as facts of authority 2, or 1 where the execution runs on: the
 * history is replayed through the interpreter itself, so that tasks which leave no events come out right too and nothing
 * is interpreted twice.
 * Empty for a history that isn't ours.
 * @throws Error when the history doesn't replay
 */
export async function foldHistory(
  replayer: Replayer,
  history: History,
  { runId, order }: { readonly runId: string; readonly order: FoldOrder },
): Promise<readonly Fact[]> {
  const input = runInputIn(history);
  if (!input) return [];
  const subject: Subject = {
    tenant: input.tenant,
    executionId: input.execution.id,
    executionCreatedAt: input.execution.createdAt,
  };
  const told = await replayer.replay(withWhole(input, history));
  const last = lastOfEach(told);
  // What its worker records is not told by the workflow: the history has it.
  const untold = finishedActivities(history, input).filter(({ task }) => isOpen(last.get(`task ${task.path}`)));
  // Of those that run on the worker knows more.
  const unfinished = (order ? unfinishedActivities(history) : []).filter(({ task }) => !last.has(`task ${task.path}`));
  const facts = [
    ...told.flatMap((transition) => {
      const all = factsOf(subject, transition, 1, runId);
      return last.get(keyOf(transition)) === transition ? all : all.filter(({ kind }) => kind === 'history');
    }),
    ...untold.flatMap(({ task, result, local, ...rest }) => {
      const success: TaskTransition = { kind: 'task', task, status: 'success', ...rest, output: result };
      const { startedAt, endedAt } = rest;
      return factsOf(subject, { ord: 0, at: endedAt, ...success }, 1)
        .filter((fact) => fact.kind === 'task')
        .map((fact) => ({ ...fact, local, startedAt: startedAt ?? endedAt }));
    }),
  ];
  for (const { task, startedAt } of unfinished) {
    const running: TaskTransition = { kind: 'task', task, status: 'running', attempt: 0, startedAt, endedAt: null };
    facts.push(
      ...factsOf(subject, { ord: 0, at: startedAt ?? 0, ...running }, 1).filter(({ kind }) => kind === 'task'),
    );
  }
  return facts.filter(({ kind }) => kind !== 'execution').map((fact) => confirmed(fact, order));
}

/** A replay runs under an id of its own: what the input leaves to the workflow's id has to stand in it. */
function withWhole(input: RunInput, { events }: History): History {
  const [first, ...rest] = events ?? [];
  const payloads = [defaultPayloadConverter.toPayload(input)];
  const started = { ...first?.workflowExecutionStartedEventAttributes, input: { payloads } };
  return { events: [{ ...first, workflowExecutionStartedEventAttributes: started }, ...rest] };
}

function confirmed(fact: Fact, order: FoldOrder): Fact {
  return !order || fact.kind === 'history' || fact.kind === 'log' ? fact : { ...fact, ...order, authority: 2 };
}

const OPEN: readonly TaskStatus[] = ['pending', 'running', 'waiting', 'retry'];

function isOpen(transition: Transition | undefined): boolean {
  return transition?.kind !== 'task' || OPEN.includes(transition.status);
}

function keyOf(transition: Transition): string {
  if (transition.kind === 'task') return `task ${transition.task.path}`;
  return transition.kind === 'approval' ? `approval ${transition.approval.id}` : 'execution';
}

function lastOfEach(transitions: readonly Transition[]): ReadonlyMap<string, Transition> {
  return new Map(transitions.map((transition) => [keyOf(transition), transition]));
}
