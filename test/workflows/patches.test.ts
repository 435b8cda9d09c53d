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
