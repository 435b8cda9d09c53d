/** What would stop an execution, or its worker, instead of failing a task. */
import { describe, expect, it } from 'vitest';
import { runDefinition } from './run-definition.ts';

const HEAVY = '$count([1..9000].(1 + 1 + 1 + 1 + 1))';

describe('too large', () => {
  it.each([
    ['an output', `tasks: [{ id: a, type: set, vars: { x: '{% [1..40].$pad("", 70000, "漢") %}' } }]`, undefined],
    ['what end gives', `tasks: [{ id: a, type: end, output: '{% [1..40].$pad("", 70000, "漢") %}' }]`, undefined],
    [
      'an input of fewer characters than bytes',
      `tasks: [{ id: a, type: executor, executor: call, with: '{% [1..40].$pad("", 70000, "漢") %}' }]`,
      '/a',
    ],
    [
      'an input for another task queue',
      `tasks: [{ id: a, type: executor, executor: call, taskQueue: q, with: '{% [1..15].$pad("", 70000, "x") %}' }]`,
      '/a',
    ],
    [
      'an approval',
      `tasks: [{ id: a, type: approval, assignees: [b], title: t, description: '{% [1..15].$pad("", 70000, "x") %}' }]`,
      '/a',
    ],
  ])('%s', async (_, source, task) => {
    const { ending } = await runDefinition(source);
    expect(ending).toMatchObject({ status: 'failed', error: { code: 'PAYLOAD_TOO_LARGE' } });
    expect(ending.status === 'failed' && ending.error.task).toBe(task);
  });

  it('the detail of an error is cut', async () => {
    const { ending } = await runDefinition(`tasks: [{ id: a, type: fail, code: X, detail: '{% $pad("y", 90000) %}' }]`);
    expect(ending.status === 'failed' && ending.error.detail.length).toBeLessThan(4_100);
  });

  it('votes together', async () => {
    const refused: unknown[] = [];
    const data = 'x'.repeat(900_000);
    const { ending } = await runDefinition(
      `tasks: [{ id: ok, type: approval, title: t, assignees: [a, b, c], quorum: 3, deadline: 1h }]`,
      {
        script: (world, startedAt) => {
          for (const [index, name] of ['a', 'b', 'c'].entries()) {
            world.time.at(startedAt + index + 1, () => {
              const actor = { id: name, names: [name], groups: [] };
              const vote = { decision: 'approve', comment: null, data, channel: 'api', actor } as const;
              try {
                world.send('decide', { approvalId: 'e1~ok', ...vote });
              } catch (error) {
                refused.push(error);
              }
            });
          }
        },
      },
    );
    expect(refused).toMatchObject([{ code: 'TOO_LARGE' }]);
    expect(ending).toMatchObject({ error: { code: 'APPROVAL_EXPIRED' } });
  });
});

it.each(['999999999999w', '500000w'])('a deadline out of range (%s) is an error of the task', async (deadline) => {
  const source = `tasks: [{ id: a, type: approval, title: t, assignees: [b], deadline: "{% $input %}" }]`;
  const { ending } = await runDefinition(source, { input: deadline });
  expect(ending).toMatchObject({ error: { code: 'EXPRESSION_ERROR', task: '/a' } });
});

describe('long work that waits for nothing', () => {
  const each = (items: string, value: string) =>
    `tasks: [{ id: each, type: foreach, items: "{% ${items} %}", collect: none, tasks: [{ id: a, type: set, vars: { x: "${value}" } }] }]`;

  it.each([
    ['many tasks', each('[1..9000]', '1'), 9],
    ['heavy expressions', each('[1..20]', `{% ${HEAVY} %}`), 9],
  ])('is cut: %s', async (_, source, breaths) => {
    const { ending, took } = await runDefinition(source);
    expect(ending.status).toBe('success');
    // Each takes 1 ms.
    expect(took).toBeGreaterThanOrEqual(breaths);
    expect(took).toBeLessThan(breaths * 10);
  });

  it('of more tasks that begin at once than one breath allows each begins', async () => {
    const all = each('[1..1200]', '1').replace('collect', 'maxConcurrency: 1200, collect');
    const { ending, took } = await runDefinition(all);
    expect(ending.status).toBe('success');
    expect(took).toBeLessThan(10);
  });

  it('what is short goes on at once', async () => {
    const { took } = await runDefinition(each('[1..200]', '{% $item + 1 %}'));
    expect(took).toBe(0);
  });

  it('one task may not take more than fits', async () => {
    const vars = Array.from({ length: 60 }, (_, index) => `x${index}: "{% ${HEAVY} %}"`).join(', ');
    const { ending } = await runDefinition(`tasks: [{ id: a, type: set, vars: { ${vars} } }]`);
    expect(ending).toMatchObject({ error: { code: 'EXPRESSION_LIMIT', task: '/a' } });
  });

  it('pause and cancel are obeyed meanwhile', async () => {
    const by = { actor: { id: 'op', names: [], groups: [] }, reason: null };
    const { ending, rows } = await runDefinition(each('[1..9000]', '1'), {
      script: (world, startedAt) => {
        world.time.at(startedAt + 1, () => void world.send('pause', by));
        world.time.at(startedAt + 1_000, () => world.cancel());
      },
    });
    expect(ending.status).toBe('cancelled');
    expect(Object.keys(rows).length).toBeLessThan(6_000);
  });
});
