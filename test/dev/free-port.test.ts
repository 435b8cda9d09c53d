import { createServer } from 'node:net';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { freePort } from '../../src/dev/free-port.ts';

test('a taken port moves to the next free one', async () => {
  const first = await freePort(0);
  const server = createServer().listen(first, '127.0.0.1');
  await once(server, 'listening');
  const next = await freePort(first);
  expect(next).toBeGreaterThan(first);
  server.close();
  await once(server, 'close');
  expect(await freePort(first)).toBe(first);
});

test('a port to avoid is not given', async () => {
  const port = await freePort(0);
  expect(await freePort(port, [port])).not.toBe(port);
});

test('there is nothing above the last port', async () => {
  const server = createServer().listen(65_535, '127.0.0.1');
  await once(server, 'listening');
  await expect(freePort(65_535)).rejects.toThrow('No free port');
  server.close();
});
