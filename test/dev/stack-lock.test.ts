import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { endProcess, markProcess } from '../../src/dev/process-mark.ts';
import { lockStack } from '../../src/dev/stack-lock.ts';
import { writeState } from '../../src/dev/stack-state.ts';
import { temporaryDirectory } from './temporary.ts';

test('a second stack on the same data is refused by name, until the first has gone', async () => {
  const directory = temporaryDirectory();
  const other = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)']);
  await once(other.stdout, 'data');
  const mark = markProcess(other.pid!)!;
  await writeFile(join(directory, 'lock'), JSON.stringify(mark));
  await expect(lockStack(directory)).rejects.toThrow(`A stack already runs on ${directory} (process ${mark.pid})`);
  await endProcess(mark, 'SIGKILL', 0);
  const unlock = await lockStack(directory);
  await unlock();
  expect(await readdir(directory)).toEqual([]);
});

test('one that is just stopping is waited for', async () => {
  const directory = temporaryDirectory();
  const unlock = await lockStack(directory);
  await writeState(directory, { ports: {}, examples: {}, stopping: true });
  setTimeout(() => void unlock(), 2000);
  await (
    await lockStack(directory)
  )();
});
