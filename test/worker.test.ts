import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { TestDatabase } from './stack/database.ts';
import { createTestDatabase } from './stack/database.ts';
import type { TcpProxy } from './stack/tcp-proxy.ts';
import { createTcpProxy } from './stack/tcp-proxy.ts';

describe('the worker process', () => {
  let database: TestDatabase;
  let temporal: TcpProxy;
  beforeAll(async () => {
    database = await createTestDatabase();
    const [host = '', port = ''] = inject('weft').temporal.address.split(':');
    temporal = await createTcpProxy({ host, port: Number(port) });
  });
  afterAll(async () => {
    await temporal.close();
    await database.drop();
  });

  function start(more: NodeJS.ProcessEnv = {}): {
    readonly child: ChildProcessByStdio<null, Readable, Readable>;
    readonly said: () => string;
  } {
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/worker.ts'], {
      env: {
        ...process.env,
        DATABASE_URL: database.url,
        TEMPORAL_ADDRESS: `127.0.0.1:${temporal.port}`,
        TEMPORAL_NAMESPACE: inject('weft').temporal.namespace,
        WEFT_TASK_QUEUE: `worker-${randomUUID()}`,
        WEFT_LOG_LEVEL: 'warn',
        ...more,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    return { child, said: () => text };
  }

  async function says(worker: ReturnType<typeof start>, text: string): Promise<void> {
    await expect.poll(worker.said, { timeout: 20_000 }).toContain(text);
  }

  it('waits while Temporal is away, says when it is ready, and ends in order when asked', async () => {
    await temporal.away();
    const worker = start();
    await says(worker, 'Temporal does not answer');
    expect(worker.said()).not.toContain('worker ready');
    await temporal.back();
    await says(worker, 'worker ready');
    const exited = once(worker.child, 'exit');
    const asked = Date.now();
    worker.child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(Date.now() - asked).toBeLessThan(10_000);
  });

  it('does not need PostgreSQL to start', async () => {
    const worker = start({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
    await says(worker, 'worker ready');
    const exited = once(worker.child, 'exit');
    worker.child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  });

  it.each([
    ['a bad setting', { WEFT_HTTP_ALLOW_PRIVATE: 'perhaps' }, 'WEFT_HTTP_ALLOW_PRIVATE'],
    ['executors that are not there', { WEFT_EXECUTORS: './no-such-file.ts' }, "'./no-such-file.ts' can't be loaded"],
  ])('%s ends it, with a message that says what', async (_what, env, message) => {
    const worker = start(env);
    expect(await once(worker.child, 'exit')).toEqual([1, null]);
    expect(worker.said()).toContain(message);
  });
});
