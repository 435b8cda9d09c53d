import { describe, expect, it } from 'vitest';
import { TaskError } from '../../workflows/outcome.ts';
import { chance } from './chance.ts';
import { failureCases } from './failure-cases.ts';
import { flowCases } from './flow-cases.ts';
import { graphCases } from './graph-cases.ts';
import { structureCases } from './structure-cases.ts';
import { tryCases } from './try-cases.ts';
import { runDefinition } from './run-definition.ts';

describe('the interpreter in virtual time', () => {
  it.each([...flowCases, ...failureCases, ...graphCases, ...structureCases, ...tryCases])(
    '$name',
    async ({ definition, start, output, error, status, rows, took }) => {
      const result = await runDefinition(definition, start);
      if (error) expect(result.ending).toMatchObject({ status: status ?? 'failed', error });
      else expect(result.ending).toEqual({ status: 'success', output });
      if (rows) expect(result.rows).toEqual(rows);
      if (took !== undefined) expect(result.took).toBe(took);
    },
  );

  it.each([...flowCases, ...failureCases, ...graphCases, ...structureCases, ...tryCases])(
    '$name, going on in other runs at random',
    async ({ definition, start, output, error, status, rows }) => {
      let runs = 0;
      for (const seed of [1, 2, 3, 4, 5, 6]) {
        const result = await runDefinition(definition, { ...start, isLong: chance(seed, 0.4) });
        if (error) expect(result.ending).toMatchObject({ status: status ?? 'failed', error });
        else expect(result.ending).toEqual({ status: 'success', output });
        if (rows) expect(result.rows).toEqual(rows);
        runs += result.runs;
      }
      expect(runs).toBeGreaterThan(6);
    },
  );

  it('cancelling ends what runs and leaves the execution cancelled', async () => {
    const { ending, rows } = await runDefinition(
      `tasks: [{ id: each, type: foreach, items: [1, 2], tasks: [{ id: nap, type: wait, for: 1h }] }]`,
      { script: (world, startedAt) => void world.time.at(startedAt + 1_000, world.cancel) },
    );
    expect(ending).toMatchObject({ status: 'cancelled', error: { code: 'CANCELLED' } });
    expect(rows).toEqual({ '/each': 'cancelled', '/each[0]/nap': 'cancelled', '/each[1]/nap': 'cancelled' });
  });

  it('effects get the same key whatever the attempt: execution and path', async () => {
    const keys: string[] = [];
    await runDefinition(
      `tasks: [{ id: each, type: foreach, items: [1, 2], tasks: [{ id: pay, type: executor, executor: pay, with: 1, retry: { maxAttempts: 2 } }] }]`,
      {
        executors: {
          pay: ({ key, attempt }) => {
            keys.push(key);
            if (attempt === 1) throw new TaskError('AGAIN', 'once more');
            return null;
          },
        },
      },
    );
    expect(keys.sort()).toEqual(['e1/each[0]/pay', 'e1/each[0]/pay', 'e1/each[1]/pay', 'e1/each[1]/pay']);
  });

  it('local tasks run as local activities, all others as normal ones', async () => {
    const { world } = await runDefinition(
      `tasks: [{ id: a, type: executor, executor: quick, with: 1 }, { id: b, type: executor, executor: call, with: 1 }]`,
      { executors: { quick: () => 1 } },
    );
    expect(world.calls.map(({ path, local }) => ({ path, local }))).toEqual([
      { path: '/a', local: true },
      { path: '/b', local: false },
    ]);
  });

  it('the row of a condition in a graph says which way was taken', async () => {
    const { world } = await runDefinition(`
      nodes:
        - { id: a, type: condition, data: { if: "{% 1 > 2 %}" } }
        - { id: b, type: set, data: { vars: {} } }
      edges: [{ source: a, target: b, sourceHandle: then }]`);
    const inputs = world.facts.flatMap((fact) =>
      fact.kind === 'task' && fact.input !== undefined ? [fact.input] : [],
    );
    expect(inputs).toEqual([{ value: false, taken: 'else' }]);
  });

  it('progress counts every static task once, a loop as one', async () => {
    const { world } = await runDefinition(`
      tasks:
        - { id: a, type: set, vars: { x: 1 } }
        - { id: each, type: foreach, items: [1, 2, 3], tasks: [{ id: b, type: set, vars: { y: 1 } }] }
        - { id: route, type: condition, if: "{% false %}", then: [{ id: c, type: set, vars: { z: 1 } }] }
        - { id: last, type: wait, for: 1h }`);
    const waiting = world.facts.find((fact) => fact.kind === 'execution' && fact.currentPath === '/last');
    expect(waiting).toMatchObject({ completedTasks: 4, totalTasks: 5, waitingFor: [{ path: '/last', kind: 'timer' }] });
  });
});
