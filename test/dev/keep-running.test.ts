import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { keepRunning } from '../../src/dev/keep-running.ts';
import { endProcess, isRunning, markProcess, type ProcessMark } from '../../src/dev/process-mark.ts';
import { until } from './until.ts';

function startSleeper(): ProcessMark {
  return markProcess(spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' }).pid!)!;
}

test('what dies is started again, told about, and stopped at the end', async () => {
  const restarts: number[] = [];
  const part = keepRunning({
    name: 'Sleeper',
    first: startSleeper(),
    start: () => Promise.resolve(startSleeper()),
    end: (mark) => endProcess(mark, 'SIGKILL', 0),
    onRestart: (mark) => Promise.resolve(void restarts.push(mark.pid)),
    log: () => undefined,
  });
  const first = part.mark();
  process.kill(first.pid, 'SIGKILL');
  await until('it is back', () => restarts.length === 1);
  expect(part.mark().pid).toBe(restarts[0]);
  const last = part.mark();
  await part.stop();
  expect(isRunning(last)).toBe(false);
});

test('a start that fails is tried again, later each time, and not after the stop', async () => {
  const tries: number[] = [];
  const said: string[] = [];
  const part = keepRunning({
    name: 'Never',
    first: { pid: 1, startedAt: 'never' },
    start: () => {
      tries.push(Date.now());
      return Promise.reject(new Error('no room'));
    },
    end: () => Promise.resolve(),
    onRestart: () => Promise.resolve(),
    log: (line) => said.push(line),
  });
  await until('three tries', () => tries.length === 3);
  await part.stop();
  const [a = 0, b = 0, c = 0] = tries;
  expect(b - a).toBeGreaterThanOrEqual(490);
  expect(c - b).toBeGreaterThan(b - a);
  expect(said).toContain('Never: no room');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(tries).toHaveLength(3);
});
