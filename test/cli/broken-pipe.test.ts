import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';

it('a reader that has read enough is no error', async () => {
  const weft = spawn(process.execPath, ['--import', 'tsx', 'src/cli.ts', '--help'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  weft.stdout.destroy();
  const ended = new Promise((resolve) => weft.on('exit', resolve));
  expect(await text(weft.stderr)).toBe('');
  expect(await ended).toBe(0);
});
