import { describe, expect, it } from 'vitest';
import type { ApprovalState, TaskTransition, Transition } from '../../src/contract.ts';
import { factsOf } from '../../src/mirror/from-transition.ts';
import type { HistoryFact } from '../../src/mirror/record.ts';

const subject = { tenant: 'default', executionId: 'e', executionCreatedAt: '2026-01-01T00:00:00.000Z' };
const AT = Date.UTC(2026, 0, 2);
const iso = (ms: number) => new Date(AT + ms).toISOString();

const taskEnd: TaskTransition & { ord: number; at: number } = {
  kind: 'task',
  ord: 9,
  at: AT,
  task: { path: '/a', taskId: 'a', type: 'set', dependencies: [], order: 0 },
  status: 'failed',
  startedAt: AT - 5,
  endedAt: AT,
  attempt: 3,
  maxAttempts: 3,
  input: { a: 1 },
  error: { code: 'HTTP_500', detail: 'x', task: '/a', attempt: 3 },
};

const approval: ApprovalState = {
  id: 'e~ok',
  path: '/ok',
  round: 1,
  title: 'ok?',
  description: null,
  status: 'open',
  assignees: ['ada'],
  candidateGroups: [],
  quorumKind: 'count',
  quorum: 2,
  selfApproval: false,
  form: null,
  onTimeout: 'escalate',
  onReject: 'fail',
  deadline: null,
  claimedBy: null,
  claimedAt: null,
  escalatedTo: null,
  votes: [],
  createdAt: iso(0),
  decidedBy: null,
  decidedAt: null,
  comment: null,
  data: null,
};
const vote = (user: string, ms: number): ApprovalState['votes'][number] => ({
  user,
  decision: 'approve',
  comment: null,
  data: null,
  channel: 'api',
  at: iso(ms),
});

const execution = {
  kind: 'execution',
  ord: 1,
  at: AT,
  status: 'running',
  startedAt: AT,
  endedAt: null,
  pausedBy: null,
  currentPath: null,
  waitingFor: [],
  completedTasks: 0,
  totalTasks: 2,
} as const;

function events(transition: Transition, authority: 0 | 1 = 0): readonly HistoryFact[] {
  return factsOf(subject, transition, authority, 'run').filter((fact) => fact.kind === 'history');
}

describe('factsOf', () => {
  it("orders a hint by the workflow's clock and a report by its counter", () => {
    const [hint] = factsOf(subject, { ...execution, ord: 4 }, 0, 'run');
    const [report] = factsOf(subject, { ...execution, ord: 4 }, 1, 'run');
    expect(hint).toMatchObject({
      ...subject,
      kind: 'execution',
      authority: 0,
      ord: AT,
      attempt: 4,
      temporalRunId: 'run',
    });
    expect(report).toMatchObject({ authority: 1, ord: 4, attempt: 0 });
  });

  it('a task keeps what the transition knows', () => {
    expect(factsOf(subject, taskEnd, 1)[0]).toMatchObject({
      kind: 'task',
      status: 'failed',
      attempt: 3,
      retryCount: 2,
      maxRetries: 2,
      input: { a: 1 },
      error: { code: 'HTTP_500' },
    });
    expect(factsOf(subject, taskEnd, 1)[0]).not.toHaveProperty('result');
    expect(factsOf(subject, { ...taskEnd, maxAttempts: null, attempt: 0 }, 1)[0]).toMatchObject({
      retryCount: 0,
      maxRetries: null,
    });
  });

  const opened = { kind: 'approval', ord: 2, at: AT, approval } as const;
  const decided: ApprovalState = {
    ...approval,
    status: 'approved',
    votes: [vote('ada', 10), vote('bob', 20)],
    escalatedTo: { assignees: ['bob'], candidateGroups: [], at: iso(15) },
    decidedBy: 'bob',
    decidedAt: iso(20),
  };
  const told: readonly (readonly [string, Transition, readonly string[]])[] = [
    ['a task begins', { ...taskEnd, status: 'running', at: AT - 5, endedAt: null }, ['task_started']],
    ['a task fails', taskEnd, ['task_started', 'task_failed']],
    ['a task is skipped', { ...taskEnd, status: 'skipped', startedAt: null }, ['task_skipped']],
    ['an execution begins', execution, ['workflow_started']],
    ['an execution goes on', { ...execution, at: AT + 5 }, []],
    ['an execution ends', { ...execution, at: AT + 9, status: 'cancelled' }, ['workflow_cancelled']],
    [
      'a pause',
      { ...execution, at: AT + 5, status: 'paused', command: { action: 'pause', by: 'ada', reason: null } },
      ['workflow_paused'],
    ],
    [
      'a resume',
      { ...execution, at: AT + 6, command: { action: 'resume', by: 'ada', reason: 'go' } },
      ['workflow_resumed'],
    ],
    ['an approval opens', opened, ['task_approval_opened']],
    [
      'one claims it',
      { ...opened, at: AT + 5, approval: { ...approval, claimedBy: 'ada', claimedAt: iso(5) } },
      ['task_approval_opened', 'task_approval_claimed'],
    ],
    ['one lets it go', { ...opened, at: AT + 6 }, ['task_approval_opened', 'task_approval_released']],
    [
      'one votes',
      { ...opened, at: AT + 10, approval: { ...approval, votes: [vote('ada', 10)] } },
      ['task_approval_opened', 'task_approval_voted'],
    ],
    [
      'it is decided',
      { ...opened, at: AT + 20, approval: decided },
      [
        'task_approval_opened',
        'task_approval_voted',
        'task_approval_voted',
        'task_approval_escalated',
        'task_approval_approved',
      ],
    ],
  ];
  it.each(told)('events when %s', (_what, transition, expected) => {
    expect(events(transition).map(({ eventType }) => eventType)).toEqual(expected);
  });

  it.each(told)('the same rows from hint and report when %s', (_what, transition) => {
    expect(events(transition, 1)).toEqual(events(transition, 0));
  });

  it('the same event told again later is the same row', () => {
    const keys = new Map<string, HistoryFact>();
    for (const [, transition] of told) {
      for (const event of events(transition)) {
        const key = `${event.eventKey} ${event.at}`;
        expect(keys.get(key) ?? event).toEqual(event);
        keys.set(key, event);
      }
    }
    expect([...keys.values()].filter(({ eventType }) => eventType === 'task_approval_opened')).toHaveLength(1);
    expect([...keys.values()].filter(({ eventType }) => eventType === 'task_started')).toHaveLength(1);
  });
});
