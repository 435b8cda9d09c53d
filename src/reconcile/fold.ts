import type { History } from '@temporalio/common/lib/proto-utils.js';
import type { TaskStatus, TaskTransition, Transition } from '../contract.ts';
import type { RunEnd } from '../mirror/close-execution.ts';
import { ordOf } from '../mirror/close-execution.ts';
import { factsOf } from '../mirror/from-transition.ts';
import type { Fact, Subject } from '../mirror/record.ts';
import { finishedActivities, runInputIn } from './activities-in.ts';
import type { Replayer } from './replayer.ts';

/**
 * What a run's history says of its tasks and approvals, as facts of authority 2: the history is replayed through the
 * interpreter itself, so that tasks which leave no events come out right too and nothing is interpreted twice.
 * Empty for a history that isn't ours.
 * @throws Error when the history doesn't replay
 */
export async function foldHistory(
  replayer: Replayer,
  history: History,
  end: Pick<RunEnd, 'runId' | 'runNumber' | 'epoch' | 'lastEventId'>,
): Promise<readonly Fact[]> {
  const input = runInputIn(history);
  if (!input) return [];
  const subject: Subject = {
    tenant: input.tenant,
    executionId: input.execution.id,
    executionCreatedAt: input.execution.createdAt,
  };
  const told = await replayer.replay(history);
  const last = lastOfEach(told);
  // What its worker records is not told by the workflow: the history has it.
  const untold = finishedActivities(history, input).filter(({ task }) => isOpen(last.get(`task ${task.path}`)));
  const facts = [
    ...told.flatMap((transition) => {
      const all = factsOf(subject, transition, 1, end.runId);
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
  return facts.filter(({ kind }) => kind !== 'execution').map((fact) => confirmed(fact, end));
}

/** Below the closing itself, which comes after and closes what is open. */
function confirmed(fact: Fact, end: Pick<RunEnd, 'runNumber' | 'epoch' | 'lastEventId'>): Fact {
  if (fact.kind === 'history' || fact.kind === 'log') return fact;
  return { ...fact, epoch: end.epoch, authority: 2, ord: ordOf(end) - 1 };
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
