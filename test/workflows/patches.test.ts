import { expect, it } from 'vitest';
import { runDefinition } from './run-definition.ts';

const WIDE = `
tasks:
  - id: each
    type: foreach
    items: "{% [1..1100] %}"
    maxConcurrency: 1100
    tasks: [{ id: one, type: executor, executor: quick, with: "{% $item %}" }]
output: "{% $count($tasks.each.output) %}"
`;

function run(isPatched: boolean) {
  return runDefinition(WIDE, { isPatched, executors: { quick: ({ input }) => input } });
}

it('a run that has come so far without a change orders what it did before', async () => {
  const [now, before] = [await run(true), await run(false)];
  expect(now.ending).toEqual(before.ending);
  expect(now.rows).toEqual(before.rows);
  // Breaths take 1 ms each: one between two workflow tasks; two between three, and one before the output.
  expect([now.took, before.took]).toEqual([1, 3]);
  expect([now.world.handedOver.kept.length, before.world.handedOver.kept.length]).toEqual([1, 3]);
});

const DECIDED = `
tasks:
  - id: race
    type: parallel
    maxConcurrency: 2
    join: any
    branches:
      winner: [{ id: a, type: set, vars: { x: 1 }, output: won }]
      loser:
        - id: b
          type: try
          tasks: [{ id: c, type: wait, for: 1h }]
          finally: [{ id: d, type: wait, for: 1m }]
      never: [{ id: e, type: set, vars: { x: 2 } }]
    compensate: { executor: call, with: undone }
  - { id: after, type: wait, for: 1s }
`;

it('a race that was decided before its execution was cancelled stays decided', async () => {
  const cancelled = (isPatched: boolean) =>
    runDefinition(DECIDED, {
      isPatched,
      script: ({ time, cancel }, startedAt) => void time.at(startedAt + 30_000, cancel),
    });
  const [now, before] = [await cancelled(true), await cancelled(false)];
  expect([now.ending.status, before.ending.status]).toEqual(['cancelled', 'cancelled']);
  expect([now.rows['/race'], before.rows['/race']]).toEqual(['success', 'cancelled']);
  expect([now.rows['/race~compensate'], before.rows['/race~compensate']]).toEqual(['success', undefined]);
  expect(now.rows['/race/never/e']).toBeUndefined();
});
