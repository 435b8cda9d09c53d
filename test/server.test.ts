import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';

const AWAY = { DATABASE_URL: 'postgres://nobody:nothing@127.0.0.1:1/nowhere', TEMPORAL_ADDRESS: '127.0.0.1:1' };

function start(env: {
  readonly [name: string]: string;
}): ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream } {
  return spawn(process.execPath, ['--import', 'tsx', 'src/server.ts'], {
    env: { PATH: process.env['PATH'], WEFT_PORT: '0', WEFT_LOG_LEVEL: 'silent', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

describe('the API process', () => {
  it('starts while PostgreSQL and Temporal are away, says where it listens in one line, and stops in order', async () => {
    const server = start(AWAY);
    try {
      const lines: string[] = [];
      const output = createInterface({ input: server.stdout }).on('line', (line) => lines.push(line));
      await once(output, 'line');
      const url = /^weft-api listens on (http:\/\/127\.0\.0\.1:\d+)$/.exec(lines[0] ?? '')?.[1] ?? '';
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      const ready = await fetch(`${url}/readyz`);
      expect([ready.status, await ready.json()]).toEqual([
        503,
        { status: 'unavailable', checks: { database: 'unavailable', temporal: 'unavailable' } },
      ]);
      const began = Date.now();
      server.kill('SIGTERM');
      expect(await once(server, 'exit')).toEqual([0, null]);
      expect(Date.now() - began).toBeLessThan(10_000);
      expect(lines).toHaveLength(1);
    } finally {
      server.kill('SIGKILL');
    }
  });

  it('a bad setting stops the start with all of them listed', async () => {
    const server = start({ DATABASE_URL: 'nonsense', WEFT_PORT: 'x' });
    let text = '';
    server.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const [code] = (await once(server, 'exit')) as [number];
    expect(code).toBe(1);
    expect(text).toMatch(/DATABASE_URL: [^]*WEFT_PORT: /);
  });
});
