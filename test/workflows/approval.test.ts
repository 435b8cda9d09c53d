import { describe, expect, it } from 'vitest';
import type { Actor, DecideRequest, Json } from '../../src/contract.ts';
import type { FakeWorld } from './fake-world.ts';
import { runDefinition } from './run-definition.ts';

const HOUR = 3_600_000;

function actor(id: string, ...groups: string[]): Actor {
  return { id, names: [id, `${id}@example.com`], groups };
}

function decision(user: Actor, choice: 'approve' | 'reject', more: Partial<DecideRequest> = {}): DecideRequest {
  return { approvalId: 'e1~ok', decision: choice, comment: null, data: null, actor: user, channel: 'api', ...more };
}

function approvalOf(fields: string): string {
  return `
tasks:
  - id: ok
    type: approval
    title: "May {% $input.who %} go?"
${fields.replace(/^/gm, '    ')}
  - { id: after, type: set, vars: { done: true } }
output: "{% $tasks.ok.output %}"`;
}

type Step = { readonly at: number; readonly do: (world: FakeWorld) => void };

async function run(fields: string, steps: readonly Step[], input: Json = { who: 'Ada' }) {
  const refusals: unknown[] = [];
  const result = await runDefinition(approvalOf(fields), {
    input,
    script: (world, startedAt) => {
      for (const step of steps) {
        world.time.at(startedAt + step.at, () => {
          try {
            step.do(world);
          } catch (error) {
            refusals.push({ code: (error as { code: string }).code, data: (error as { data: unknown }).data });
          }
        });
      }
    },
  });
  const states = result.world.facts.flatMap((fact) => (fact.kind === 'approval' ? [fact.approval] : []));
  return { ...result, refusals, states, last: states.at(-1) };
}

const vote = (at: number, user: Actor, choice: 'approve' | 'reject', more: Partial<DecideRequest> = {}): Step => ({
  at,
  do: (world) => world.send('decide', decision(user, choice, more)),
});

describe('approval', () => {
  it('an assignee approves by one of their names; the output says who, what and when', async () => {
    const { ending, states, took } = await run('assignees: [boss@example.com]', [
      vote(60 * 24 * HOUR, actor('boss'), 'approve', { comment: 'fine', data: { budget: 7 } }),
    ]);
    expect(ending).toMatchObject({
      status: 'success',
      output: {
        decision: 'approve',
        decidedBy: 'boss',
        comment: 'fine',
        data: { budget: 7 },
        decidedAt: '2026-03-02T00:00:00.000Z',
        votes: [{ user: 'boss', decision: 'approve', comment: 'fine', channel: 'api' }],
      },
    });
    expect(states.map(({ status }) => status)).toEqual(['open', 'approved']);
    expect(states[0]).toMatchObject({ id: 'e1~ok', title: 'May Ada go?', deadline: null, quorum: 1 });
    expect(took).toBe(60 * 24 * HOUR);
  });

  it('a group member may decide; a stranger, and the starter, may not', async () => {
    const { ending, refusals } = await run('candidateGroups: [finance]', [
      vote(1, actor('stranger', 'sales'), 'approve'),
      vote(2, actor('starter', 'finance'), 'approve'),
      vote(3, actor('member', 'finance'), 'approve'),
    ]);
    expect(refusals).toMatchObject([{ code: 'FORBIDDEN' }, { code: 'FORBIDDEN' }]);
    expect(ending).toMatchObject({ output: { decidedBy: 'member' } });
  });

  it('selfApproval lets the starter decide', async () => {
    const { ending } = await run('assignees: [starter]\nselfApproval: true', [vote(1, actor('starter'), 'approve')]);
    expect(ending).toMatchObject({ output: { decidedBy: 'starter' } });
  });

  it('a reject fails the task, or goes on when asked', async () => {
    const failed = await run('assignees: [boss]', [vote(1, actor('boss'), 'reject', { comment: 'too much' })]);
    expect(failed.ending).toMatchObject({
      status: 'failed',
      error: { code: 'APPROVAL_REJECTED', task: '/ok', detail: "'May Ada go?' was rejected by 'boss': too much" },
    });
    const goesOn = await run('assignees: [boss]\nonReject: continue', [vote(1, actor('boss'), 'reject')]);
    expect(goesOn.ending).toMatchObject({ status: 'success', output: { decision: 'reject' } });
  });

  it.each([[null], [{}], [{ approvalId: 'e1~ok', actor: { id: 'boss' }, decision: 'approve' }], ['x']])(
    'what the API never sends is refused and fails nothing: %j',
    async (request) => {
      const { refusals, ending } = await run('assignees: [boss]', [
        { at: 1, do: (world) => world.send('decide', request as unknown as DecideRequest) },
        { at: 2, do: (world) => world.send('pause', request as never) },
        vote(3, actor('boss'), 'approve', { decision: 'perhaps' as 'approve' }),
        vote(4, actor('boss'), 'approve'),
      ]);
      expect(refusals).toMatchObject([{ code: 'FORBIDDEN' }, { code: 'FORBIDDEN' }, { code: 'INPUT_INVALID' }]);
      expect(ending.status).toBe('success');
    },
  );

  it('a late decision is refused and told who decided and when', async () => {
    const { refusals } = await run('assignees: [a, b]\nonReject: continue', [
      {
        at: 1_000,
        do: (world) => {
          world.send('decide', decision(actor('a'), 'approve'));
          world.send('decide', decision(actor('b'), 'reject'));
        },
      },
    ]);
    expect(refusals).toMatchObject([
      { code: 'ALREADY_DECIDED', data: { decidedBy: 'a', decidedAt: '2026-01-01T00:00:01.000Z' } },
    ]);
  });

  describe('quorum', () => {
    const people = 'assignees: [a, b, c]';
    it.each([
      ['2 of 3', 'quorum: 2', ['a+', 'b+'], 'approved'],
      ['2 of 3 with a reject between', 'quorum: 2', ['a+', 'b-', 'c+'], 'approved'],
      ['2 of 3 out of reach', 'quorum: 2', ['a-', 'b-'], 'rejected'],
      ['all', 'quorum: all', ['a+', 'b+', 'c+'], 'approved'],
      ['all, one rejects', 'quorum: all', ['a+', 'b-'], 'rejected'],
      ['majority', 'quorum: majority', ['a+', 'c+'], 'approved'],
      ['majority out of reach', 'quorum: majority', ['a-', 'c-'], 'rejected'],
    ])('%s', async (_, quorum, votes, status) => {
      const { last } = await run(
        `${people}\n${quorum}\nonReject: continue`,
        votes.map((text, index) => vote(index + 1, actor(text.slice(0, 1)), text.endsWith('+') ? 'approve' : 'reject')),
      );
      expect(last).toMatchObject({ status, votes: votes.map((text) => ({ user: text.slice(0, 1) })) });
    });

    it.each([
      ['all', 'quorum: all', '[a, a@example.com, b]', ['a', 'b'], 2],
      ['majority', 'quorum: majority', '[a, a@example.com, b, b@example.com]', ['a', 'b'], 2],
      ['two', 'quorum: 2', '[a, a@example.com]', ['a'], 1],
    ])('who is named twice is one person: %s', async (_, quorum, assignees, voters, needed) => {
      const { last, ending } = await run(
        `assignees: ${assignees}\n${quorum}`,
        voters.map((user, index) => vote(index + 1, actor(user), 'approve')),
      );
      expect(ending.status).toBe('success');
      expect(last).toMatchObject({ status: 'approved', quorum: needed });
    });

    it('a vote counts once and cannot be changed', async () => {
      const { refusals, ending } = await run(`${people}\nquorum: 2`, [
        vote(1, actor('a'), 'approve'),
        vote(2, actor('a'), 'reject'),
        vote(3, actor('b'), 'approve'),
      ]);
      expect(refusals).toMatchObject([{ code: 'CONFLICT' }]);
      expect(ending.status).toBe('success');
    });
  });

  describe('deadline', () => {
    it.each([
      ['fail', { status: 'failed', error: { code: 'APPROVAL_EXPIRED', task: '/ok' } }, 'expired'],
      ['approve', { status: 'success', output: { decision: 'approve', decidedBy: 'system' } }, 'approved'],
      ['reject', { status: 'failed', error: { code: 'APPROVAL_REJECTED' } }, 'rejected'],
    ])('onTimeout: %s', async (onTimeout, ending, status) => {
      const result = await run(`assignees: [boss]\ndeadline: 72h\nonTimeout: ${onTimeout}`, []);
      expect(result.ending).toMatchObject(ending);
      expect(result.last).toMatchObject({ status, decidedBy: 'system', decidedAt: '2026-01-04T00:00:00.000Z' });
      expect(result.took).toBe(72 * HOUR);
    });

    it('escalates: votes stay, others may vote, with a deadline of its own', async () => {
      const fields = `assignees: [boss]\ndeadline: 72h\nonTimeout: escalate\nescalateTo: { candidateGroups: [finance], deadline: 24h, onTimeout: fail }`;
      const { ending, last, refusals } = await run(fields, [
        vote(73 * HOUR, actor('boss'), 'approve'),
        vote(74 * HOUR, actor('fin', 'finance'), 'approve'),
      ]);
      expect(refusals).toMatchObject([{ code: 'FORBIDDEN' }]);
      expect(ending).toMatchObject({ status: 'success', output: { decidedBy: 'fin' } });
      expect(last).toMatchObject({
        escalatedTo: { candidateGroups: ['finance'] },
        deadline: '2026-01-05T00:00:00.000Z',
      });
      const expired = await run(fields, []);
      expect(expired.ending).toMatchObject({ error: { code: 'APPROVAL_EXPIRED' } });
      expect(expired.took).toBe(96 * HOUR);
    });
  });

  it('claiming is recorded, a second claim is refused until it is released', async () => {
    const claim = (at: number, name: 'claim' | 'release', user: string): Step => ({
      at,
      do: (world) => world.send(name, { approvalId: 'e1~ok', actor: actor(user) }),
    });
    const { refusals, states } = await run('assignees: [a, b]', [
      claim(1, 'claim', 'a'),
      claim(2, 'claim', 'b'),
      claim(3, 'release', 'b'),
      claim(4, 'release', 'a'),
      claim(5, 'claim', 'b'),
      vote(6, actor('b'), 'approve'),
    ]);
    expect(refusals).toMatchObject([{ code: 'CONFLICT' }, { code: 'CONFLICT' }]);
    expect(states.map(({ claimedBy }) => claimedBy)).toEqual([null, 'a', null, 'b', 'b']);
  });

  it('cancelling the execution cancels the approval', async () => {
    const { ending, last, rows } = await run('assignees: [a]', [{ at: 1_000, do: (world) => world.cancel() }]);
    expect(ending.status).toBe('cancelled');
    expect(last).toMatchObject({ status: 'cancelled' });
    expect(rows).toEqual({ '/ok': 'cancelled' });
  });

  it('names from one expression; nobody to decide is an error', async () => {
    const named = await run('assignees: "{% $input.bosses %}"', [vote(1, actor('b'), 'approve')], {
      who: 'Ada',
      bosses: ['a', 'b'],
    });
    expect(named.ending.status).toBe('success');
    const nobody = await run('assignees: "{% $input.bosses %}"', [], { who: 'Ada', bosses: [] });
    expect(nobody.ending).toMatchObject({ error: { code: 'INPUT_INVALID', task: '/ok' } });
  });

  it('pause holds back what would start, decisions are taken, resume goes on', async () => {
    const by = { actor: actor('op'), reason: null };
    const { ending, took, world } = await run('assignees: [a]', [
      { at: 1_000, do: (w) => w.send('pause', by) },
      vote(2_000, actor('a'), 'approve'),
      { at: 9_000, do: (w) => w.send('resume', by) },
    ]);
    expect(ending.status).toBe('success');
    expect(took).toBe(9_000);
    const statuses = world.facts.flatMap((fact) =>
      fact.kind === 'execution' ? [`${fact.status}:${fact.pausedBy}`] : [],
    );
    expect(statuses).toContain('paused:op');
    expect(statuses.at(-1)).toBe('success:null');
  });
});
