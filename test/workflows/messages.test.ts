/** Events, children, reminders and decisions, also where another run goes on meanwhile. */
import { describe, expect, it } from 'vitest';
import type { FakeChild } from './fake-children.ts';
import type { Start } from './run-definition.ts';
import { runDefinition } from './run-definition.ts';
import { chance } from './chance.ts';

const boss = { id: 'boss', names: ['boss'], groups: [] };
const modes = [
  ['in one run', 0],
  ['in many runs', 0.5],
] as const;

async function run(definition: string, often: number, start: Start = {}) {
  return await runDefinition(definition, { ...start, isLong: chance(7, often) });
}

describe.each(modes)('%s', (_, often) => {
  it('an event that came before its wait counts, another key does not', async () => {
    const { ending, rows } = await run(
      `
      tasks:
        - { id: nap, type: wait, for: 10s }
        - { id: paid, type: event, name: paid, key: "{% $input.order %}", where: "{% $event.data.ok %}" }`,
      often,
      {
        input: { order: 7 },
        script: ({ time, events }, at) => {
          time.at(at + 1_000, () => void events.send('paid', { ok: true, n: 1 }, '8'));
          time.at(at + 2_000, () => void events.send('paid', { ok: false, n: 2 }, '7'));
          time.at(at + 3_000, () => void events.send('paid', { ok: true, n: 3 }, '7'));
        },
      },
    );
    expect(ending).toEqual({ status: 'success', output: { ok: true, n: 3 } });
    expect(rows).toEqual({ '/nap': 'success', '/paid': 'success' });
  });

  it('what one wait took is gone for the next, what it left is not; two at once both get it', async () => {
    const { ending } = await run(
      `
      tasks:
        - { id: two, type: event, name: e, count: 2 }
        - { id: third, type: event, name: e }
        - id: both
          type: parallel
          branches:
            a: [{ id: x, type: event, name: f }]
            b: [{ id: y, type: event, name: f }]
      output: { two: "{% $tasks.two.output %}", third: "{% $tasks.third.output %}", both: "{% $tasks.both.output %}" }`,
      often,
      {
        script: ({ time, events }, at) => {
          for (const n of [1, 2, 3]) time.at(at + 1_000, () => void events.send('e', n));
          time.at(at + 60_000, () => void events.send('f', 'f'));
        },
      },
    );
    expect(ending).toEqual({ status: 'success', output: { two: [1, 2], third: 3, both: { a: 'f', b: 'f' } } });
  });

  it('an event in time: else it times out', async () => {
    const { ending, took } = await run(`tasks: [{ id: e, type: event, name: e, totalTimeout: 1h }]`, often);
    expect(ending).toMatchObject({ status: 'failed', error: { code: 'TIMEOUT', task: '/e' } });
    expect(took).toBeGreaterThanOrEqual(3_600_000);
  });

  it('emit wakes a branch that waits', async () => {
    const { ending } = await run(
      `
      tasks:
        - { id: say, type: emit, name: go, data: { n: 1 }, dependencies: [nap] }
        - { id: nap, type: wait, for: 5s, dependencies: [] }
        - { id: hear, type: event, name: go, dependencies: [] }
      output: "{% $tasks.hear.output %}"`,
      often,
    );
    expect(ending).toEqual({ status: 'success', output: { n: 1 } });
  });

  const twice: FakeChild = (input) => ({ after: 5_000, end: { status: 'success', output: { got: input } } });
  const lame: FakeChild = (_, attempt) => ({
    after: 5_000,
    end:
      attempt < 3
        ? { status: 'failed', error: { code: 'BAD', detail: 'it is bad' } }
        : { status: 'success', output: attempt },
  });
  const endless: FakeChild = () => undefined;

  it('a child gives its output; one that fails is tried again under another id', async () => {
    const { ending, rows } = await run(
      `
      tasks:
        - { id: a, type: sub_workflow, workflow: twice, input: 1 }
        - { id: b, type: sub_workflow, workflow: lame, retry: { maxAttempts: 3, initialInterval: 1m } }
        - { id: c, type: sub_workflow, workflow: endless, mode: detach }
      output: "{% [$tasks.a.output, $tasks.b.output, $tasks.c.output] %}"`,
      often,
      { children: { twice, lame, endless } },
    );
    expect(ending).toEqual({ status: 'success', output: [{ got: 1 }, 3, { executionId: 'e1~c' }] });
    expect(rows).toEqual({ '/a': 'success', '/b': 'success', '/c': 'success' });
  });

  it('a child that fails is CHILD_FAILED with its error as cause', async () => {
    const { ending } = await run(`tasks: [{ id: b, type: sub_workflow, workflow: lame }]`, often, {
      children: { lame },
    });
    expect(ending).toMatchObject({
      error: { code: 'CHILD_FAILED', task: '/b', cause: { code: 'BAD', detail: 'it is bad' } },
    });
  });

  it('a child is ended with its task: cancelled and awaited', async () => {
    const { ending, rows } = await run(
      `
      tasks:
        - id: race
          type: parallel
          join: any
          branches:
            a: [{ id: child, type: sub_workflow, workflow: endless }]
            b: [{ id: nap, type: wait, for: 1m }]`,
      often,
      { children: { endless } },
    );
    expect(ending).toEqual({ status: 'success', output: { b: null } });
    expect(rows['/race/a/child']).toBe('cancelled');
  });

  it('a child too slow is TIMEOUT', async () => {
    const { ending } = await run(`tasks: [{ id: c, type: sub_workflow, workflow: endless, timeout: 1m }]`, often, {
      children: { endless },
    });
    expect(ending).toMatchObject({ status: 'failed', error: { code: 'TIMEOUT', task: '/c' } });
  });

  it('reminders go out while it is open; an update that is sent again in another run gets its answer', async () => {
    const sent: number[] = [];
    const { ending, rows } = await run(
      `
      tasks:
        - { id: ok, type: approval, title: t, assignees: [boss], deadline: 10h, reminders: { every: 1h, executor: mail, with: "{% $approval.title %}" } }
        - { id: nap, type: wait, for: 1h }`,
      often,
      {
        executors: { mail: ({ input }) => (sent.push(1), input) },
        script: (world, at) => {
          const request = { approvalId: 'e1~ok', comment: null, data: null, actor: boss, channel: 'api' } as const;
          const decide = () => world.send('decide', { ...request, decision: 'approve' }, 'once');
          world.time.at(at + 12_600_000, () => expect(decide()).toMatchObject({ status: 'approved' }));
          world.time.at(at + 14_000_000, () => expect(decide()).toMatchObject({ status: 'approved' }));
        },
      },
    );
    expect(ending.status).toBe('success');
    expect(sent.length).toBe(3);
    expect(rows).toMatchObject({ '/ok': 'success', '/ok~reminder1': 'success', '/ok~reminder3': 'success' });
  });

  it('pause, deadlines and a cancellation outlive a run', async () => {
    const by = { actor: boss, reason: null };
    const { ending, rows, took } = await run(
      `
      timeout: 10h
      tasks:
        - id: t
          type: try
          tasks: [{ id: nap, type: wait, for: 1h }, { id: late, type: wait, for: 1h }, { id: ok, type: approval, title: t, assignees: [boss] }]
          finally: [{ id: clean, type: wait, for: 5h }]`,
      often,
      {
        script: (world, at) => {
          world.time.at(at + 1_000, () => void world.send('pause', by));
          world.time.at(at + 5_400_000, () => void world.send('resume', by));
        },
      },
    );
    expect(ending).toMatchObject({ status: 'timeout', error: { code: 'TIMEOUT' } });
    expect(rows).toEqual({
      '/t': 'cancelled',
      '/t/nap': 'success',
      '/t/late': 'success',
      '/t/ok': 'cancelled',
      '/t/clean': 'success',
    });
    expect(Math.round(took / 3_600_000)).toBe(15);
  });

  it('cancelled while another run goes on: finally and compensations still run', async () => {
    const { ending, rows } = await run(
      `
      tasks:
        - { id: a, type: executor, executor: call, with: 1, compensate: { executor: call, with: 1 } }
        - { id: t, type: try, tasks: [{ id: nap, type: wait, for: 10h }], finally: [{ id: clean, type: wait, for: 1h }] }`,
      often,
      { script: (world, at) => void world.time.at(at + 3_600_000, world.cancel) },
    );
    expect(ending).toMatchObject({ status: 'cancelled', error: { code: 'CANCELLED' } });
    expect(rows).toEqual({
      '/a': 'success',
      '/t': 'cancelled',
      '/t/nap': 'cancelled',
      '/t/clean': 'success',
      '/a~compensate': 'success',
    });
  });
});
