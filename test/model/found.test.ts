import { expect, it } from 'vitest';
import { compare } from './compare.ts';
import type { Program } from './program.ts';

/** Programs that showed a defect once, as small as they could be made. */
const FOUND: readonly (Omit<Program, 'seed' | 'input'> & { readonly what: string })[] = [
  {
    what: 'a task that waits for a settled one ends what it began in another run, though a sibling has failed',
    definition: {
      name: 'found',
      tasks: [
        { id: 't68', type: 'executor', executor: 'work', timeout: 20_000_000, dependencies: [] },
        { id: 't71', type: 'sub_workflow', workflow: 'other', dependencies: ['t68'] },
        {
          id: 't72',
          type: 'try',
          tasks: [
            { id: 't80', type: 'executor', executor: 'work', timeout: 20_000_000 },
            { id: 't82', type: 'executor', executor: 'work', timeout: 20_000_000 },
          ],
          finally: [
            { id: 't73', type: 'executor', executor: 'work', timeout: 20_000_000 },
            { id: 't74', type: 'executor', executor: 'quick' },
          ],
          dependencies: ['t68'],
        },
      ],
    },
    script: { salt: 348389488, failing: 5, hanging: 0, events: [], dueAt: [14_850_928] },
  },
  {
    what: 'what was cancelled before its time was up stays cancelled in another run',
    definition: {
      name: 'found',
      defaults: { timeout: 20_000_000, retry: { maxAttempts: 1 } },
      tasks: [
        {
          id: 't103',
          type: 'try',
          totalTimeout: 7_484_404,
          tasks: [{ id: 't111', type: 'wait', for: 2_320_575 }],
          finally: [
            { id: 't104', type: 'executor', executor: 'work', retry: { maxAttempts: 3 } },
            { id: 't106', type: 'wait', for: 2_254_573 },
          ],
          dependencies: [],
        },
        { id: 't123', type: 'executor', executor: 'quick', dependencies: [] },
      ],
    },
    script: { salt: 425746308, failing: 30, hanging: 0, events: [], dueAt: [3_413_133] },
  },
  {
    what: 'a reminder is not lost to another run that begins when it is due',
    definition: {
      name: 'found',
      tasks: [
        {
          id: 't4',
          type: 'approval',
          candidateGroups: ['finance'],
          deadline: 10_537_800,
          reminders: { executor: 'work', every: 4_599_098 },
        },
      ],
    },
    script: { salt: 433484123, failing: 0, hanging: 0, events: [], dueAt: [7_177_024] },
  },
];

it.each(FOUND)('$what', async (program) => {
  const comparison = await compare({ seed: 0, input: {}, ...program });
  expect(comparison?.differences).toEqual([]);
});
