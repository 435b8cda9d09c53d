import { expect, it } from 'vitest';
import { runDefinition } from './run-definition.ts';

const MANY = `
tasks:
  - id: each
    type: foreach
    items: "{% [1..800] %}"
    maxConcurrency: 800
    tasks: [{ id: one, type: executor, executor: quick, with: "{% $item %}" }]
  - { id: ok, type: approval, title: t, assignees: [a], deadline: 1h, onTimeout: approve }
  - id: more
    type: foreach
    items: "{% [1..500] %}"
    tasks: [{ id: another, type: executor, executor: quick, with: "{% $item %}" }]
`;

function run(isReplay: boolean) {
  return runDefinition(MANY, { isReplay, executors: { quick: ({ input }) => input } });
}

it('ends told ahead are told once, and where nobody heard of them the same is told, by as many hand-overs', async () => {
  const [heard, replayed] = [await run(false), await run(true)];
  expect(heard.ending).toEqual(replayed.ending);
  expect(heard.world.facts).toEqual(replayed.world.facts);
  expect(replayed.world.handedOver.ahead).toEqual([]);
  // What stands in the history must not depend on who heard.
  expect(heard.world.handedOver.kept).toHaveLength(replayed.world.handedOver.kept.length);
  const told = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
  console.log(JSON.stringify({ heard: heard.world.handedOver, replayed: replayed.world.handedOver }));
  expect(told(heard.world.handedOver.ahead)).toBeGreaterThanOrEqual(600);
  expect(Math.max(...heard.world.handedOver.kept)).toBeLessThan(Math.max(...replayed.world.handedOver.kept));
});
