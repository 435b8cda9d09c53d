import { expect, it } from 'vitest';
import { takeHandOver } from '../../activities/hand-over.ts';
import type { Transition } from '../../src/contract.ts';
import type { Fact } from '../../src/mirror/record.ts';

const SUBJECT = { tenant: 'default', executionId: 'e1', executionCreatedAt: '2026-01-01T00:00:00.000Z' };

/** How `tasks` tasks ended, and then their execution. */
function transitionsOf(tasks: number): readonly Transition[] {
  const ends = Array.from({ length: tasks }, (_, index): Transition => {
    const task = { path: `/each[${index}]/one`, taskId: 'one', type: 'executor', dependencies: [], order: 1 };
    return { ord: index + 1, at: 2, kind: 'task', task, status: 'success', startedAt: 1, endedAt: 2, attempt: 0 };
  });
  const counts = { completedTasks: 1, totalTasks: 1, currentPath: null, waitingFor: [], pausedBy: null };
  return [
    ...ends,
    { ord: tasks + 1, at: 3, kind: 'execution', status: 'success', startedAt: 1, endedAt: 3, ...counts },
  ];
}

/** Facts by what waited for them, in the order they came to the writer; it answers when it is told to. */
async function handedOver(tasks: number) {
  const came: { readonly how: 'waited' | 'not waited'; readonly tasks: number; readonly ends: number }[] = [];
  const noted = (how: 'waited' | 'not waited', facts: readonly Fact[]): void => {
    const count = (kind: string) => facts.filter((fact) => fact.kind === kind).length;
    came.push({ how, tasks: count('task'), ends: count('execution') });
  };
  let answer: (isWritten: boolean) => void = () => undefined;
  const done = takeHandOver(
    {
      record: (facts) => noted('not waited', facts),
      recordAndWait: (facts) => {
        noted('waited', facts);
        return new Promise((resolve) => (answer = resolve));
      },
    },
    'run',
    { ...SUBJECT, transitions: transitionsOf(tasks) },
  );
  await Promise.resolve();
  const before = [...came];
  answer(true);
  await done;
  return { before, all: came };
}

it('an end and those of its tasks are waited for together', async () => {
  const { before } = await handedOver(3);
  expect(before).toEqual([{ how: 'waited', tasks: 3, ends: 1 }]);
});

it('of very many tasks the end is waited for, and theirs come behind it', async () => {
  const { before, all } = await handedOver(400);
  expect(before).toEqual([{ how: 'waited', tasks: 0, ends: 1 }]);
  expect(all.slice(1).filter(({ tasks }) => tasks > 0)).toEqual([{ how: 'not waited', tasks: 400, ends: 0 }]);
});
