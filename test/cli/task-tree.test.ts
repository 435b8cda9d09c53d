import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { applyEvent } from '../../src/cli/picture.ts';
import type { Picture } from '../../src/cli/picture.ts';
import { taskTree } from '../../src/cli/task-tree.ts';

const colors = picocolors.createColors(false);
const NOW = Date.parse('2026-01-01T00:00:10Z');
const execution = {
  id: 'e1',
  workflow: 'claim',
  version: '2',
  status: 'running',
  startedAt: '2026-01-01T00:00:00Z',
  durationMs: null,
  progress: { total: 4, completed: 1 },
};
const task = (path: string, more: object = {}) => ({
  path,
  type: 'executor',
  executor: 'http',
  title: null,
  status: 'success',
  attempt: 1,
  error: null,
  startedAt: '2026-01-01T00:00:00Z',
  durationMs: 40,
  ...more,
});
const event = (name: string, data: object) => ({ event: name, data: JSON.stringify(data) });

function draw(tasks: readonly object[], approvals: readonly object[] = []): readonly string[] {
  const picture = applyEvent(undefined, event('snapshot', { execution, tasks, approvals })) as Picture;
  return taskTree(picture, colors, NOW);
}

describe('the tree', () => {
  it('nests by path', () => {
    const group = task('/group', { type: 'sequential', executor: null, status: 'running', durationMs: null });
    expect(draw([task('/check'), group, task('/group/pay', { title: 'Pay it' })])).toEqual([
      'claim  2  e1  running  1/4  10.0 s',
      '✓ check  http, 40 ms',
      '● group  sequential, 10.0 s',
      '  ✓ pay  Pay it  http, 40 ms',
    ]);
  });

  it('tells attempts and errors', () => {
    const error = { code: 'HTTP_500', detail: 'it answered 500', task: '/pay', attempt: 3 };
    const [, line] = draw([task('/pay', { status: 'retry', attempt: 3, durationMs: null, error })]);
    expect(line).toBe('↻ pay  http, attempt 3, retry  HTTP_500 at /pay (attempt 3): it answered 500');
  });

  it('names the approval it waits for', () => {
    const waiting = task('/manager', { type: 'approval', executor: null, status: 'waiting', durationMs: null });
    const approval = { id: 'e1~manager', task: '/manager', status: 'open', deadline: '2026-01-04T00:00:10Z' };
    expect(draw([waiting], [approval])[1]).toBe('◷ manager  approval, waiting\n    e1~manager, due in 3 d 0 h');
  });

  it('counts the iterations of a long loop', () => {
    const items = Array.from({ length: 9 }, (_, i) =>
      task(`/each[${i}]/send`, { status: i < 7 ? 'success' : 'running' }),
    );
    const lines = draw([task('/each', { type: 'foreach', executor: null }), ...items]);
    expect(lines.slice(1)).toEqual(['✓ each  foreach, 40 ms', '    9 iterations: 7 success, 2 running']);
  });
});

describe('the picture', () => {
  it('is nothing before the first snapshot, grows by events, begins anew with each snapshot', () => {
    expect(applyEvent(undefined, event('task', task('/a')))).toBeUndefined();
    const first = applyEvent(undefined, event('snapshot', { execution, tasks: [task('/a')], approvals: [] }));
    const second = applyEvent(first, event('task', task('/b')));
    expect([...(second?.tasks.keys() ?? [])]).toEqual(['/a', '/b']);
    expect(second?.news.tasks.map(({ path }) => path)).toEqual(['/b']);
    const ended = applyEvent(second, event('execution', { ...execution, status: 'success' }));
    expect(ended?.execution.status).toBe('success');
    const again = applyEvent(ended, event('snapshot', { execution, tasks: [], approvals: [] }));
    expect(again?.tasks.size).toBe(0);
  });
});
