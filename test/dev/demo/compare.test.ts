import { expect, test } from 'vitest';
import { compare } from '../../../src/dev/demo/compare.ts';
import type { TemporalHistory } from '../../../src/dev/demo/read-history.ts';
import type { MirrorRows } from '../../../src/dev/demo/read-rows.ts';

const task = { type: 'executor', status: 'success', attempt: 1, duration_ms: '5' };
const rows: MirrorRows = {
  execution: { id: 'e1', status: 'success', output: { paid: true }, confirmed: true },
  tasks: [
    { ...task, path: '/check', executor: 'http', result: { manager: 'm' } },
    { ...task, path: '/route', type: 'condition', executor: null, result: null },
    { ...task, path: '/pay', executor: 'http', result: { status: 200, body: { id: 1 } } },
  ],
  votes: [{ approval: 'a', voter_id: 'manager', decision: 'approve', channel: 'api' }],
  tables: {},
};
const call = { type: 'http', attempt: 1, local: false, status: 'success' } as const;
const history: TemporalHistory = {
  runId: 'r',
  events: 20,
  status: 'success',
  output: { paid: true },
  activities: [
    { ...call, path: '/check', result: { status: 200, body: { manager: 'm' } } },
    { ...call, path: '/pay', result: { status: 200, body: { id: 1 } } },
  ],
  decisions: [{ user: 'manager', decision: 'approve' }],
};

test('agreement is silence', () => {
  expect(compare(rows, history)).toEqual([]);
});

const [check, pay] = history.activities as [TemporalHistory['activities'][0], TemporalHistory['activities'][0]];
test.each<[string, Partial<TemporalHistory>, string]>([
  ['status', { status: 'failed' }, 'status: the mirror says "success", Temporal "failed"'],
  ['output', { output: null }, 'output: the mirror says {"paid":true}, Temporal null'],
  ['a task that never ran', { activities: [check] }, 'called tasks'],
  ['another executor', { activities: [check, { ...pay, type: 'notify' }] }, 'executor of /pay'],
  ['an attempt more', { activities: [check, { ...pay, attempt: 2 }] }, 'attempts of /pay'],
  ['another outcome', { activities: [check, { ...pay, status: 'failed' }] }, 'status of /pay'],
  ['another result', { activities: [check, { ...pay, result: { status: 500 } }] }, 'result of /pay'],
  ['another decision', { decisions: [{ user: 'manager', decision: 'reject' }] }, 'decisions'],
])('%s is told', (_, change, told) => {
  expect(compare(rows, { ...history, ...change })).toEqual([expect.stringContaining(told)]);
});
