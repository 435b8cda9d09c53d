import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commandOf, endProcess, isRunning, markProcess } from '../../src/dev/process-mark.ts';

function startNode(script: string) {
  return spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
}

test('a marked process is recognised until it ends', async () => {
  const child = startNode('console.log("up"); setInterval(() => {}, 1000)');
  await once(child.stdout, 'data');
  const mark = markProcess(child.pid!);
  expect(isRunning(mark)).toBe(true);
  expect(commandOf(child.pid!)).toContain('setInterval');
  await endProcess(mark!, 'SIGTERM', 5000);
  expect(isRunning(mark)).toBe(false);
  expect(markProcess(child.pid!)).toBeUndefined();
});

test('another process with the same id is not taken for the marked one, nor ended', async () => {
  const impostor = { ...markProcess(process.pid)!, startedAt: 'some other time' };
  expect(isRunning(impostor)).toBe(false);
  await endProcess(impostor, 'SIGKILL', 0);
  expect(isRunning(markProcess(process.pid))).toBe(true);
});

test('who ignores the signal is killed', async () => {
  const child = startNode('process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000)');
  await once(child.stdout, 'data');
  const exited = once(child, 'exit');
  await endProcess(markProcess(child.pid!)!, 'SIGTERM', 200);
  expect(await exited).toEqual([null, 'SIGKILL']);
});

test('a process whose first thread has ended runs on until the last one has', async ({ skip }) => {
  skip(process.platform !== 'linux' || process.arch !== 'x64', 'names a system call by its number on Linux x64');
  // 60 = exit, of this thread only. The other one would hold the process's ports.
  const script = `import ctypes, threading, time
threading.Thread(target=time.sleep, args=(60,)).start()
print("up", flush=True)
ctypes.CDLL(None).syscall(60, 0)`;
  const child = spawn('python3', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const stat = () => readFileSync(`/proc/${child.pid!}/stat`, 'utf8');
  await expect.poll(stat).toMatch(/\) Z /);
  const mark = markProcess(child.pid!);
  expect(isRunning(mark)).toBe(true);
  await endProcess(mark!, 'SIGKILL', 0);
  expect(isRunning(mark)).toBe(false);
});
