import { request } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { connect } from 'node:net';
import { serve } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/api/app.ts';
import type { TestApp } from './app.ts';
import { createTestApp } from './app.ts';

let api: TestApp;
let server: Server;
let port: number;
beforeAll(async () => {
  api = await createTestApp();
  server = await new Promise<Server>((resolve) => {
    const listening = serve({ fetch: createApp(api.services).fetch, hostname: '127.0.0.1', port: 0 }, () =>
      resolve(listening),
    );
  });
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  server.close();
  await api.close();
});

/** Sends bytes as they are and gives back what came, at most two seconds later. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
    setTimeout(() => socket.destroy(), 2_000);
  });
}

describe('over a real connection', () => {
  it('a chunked body over the limit is refused with an answer, whatever the handler does with bodies', async () => {
    for (const path of ['/api/v1/workflows/validate', '/api/v1/workflows/x']) {
      const status = await new Promise<number | undefined>((resolve, reject) => {
        const headers = {
          authorization: `Bearer ${api.keys.developer}`,
          'content-type': 'application/json',
          'transfer-encoding': 'chunked',
        };
        const method = path.endsWith('validate') ? 'POST' : 'PUT';
        const sending = request({ port, path, method, headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        sending.on('error', reject);
        for (let sent = 0; sent < 48; sent += 1) sending.write('x'.repeat(65_536));
        sending.end();
      });
      expect(status).toBe(413);
    }
  });

  it('a connection whose body was refused unread is not used again', async () => {
    const post = (path: string, key: string) =>
      fetch(`http://127.0.0.1:${port}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: 'x'.repeat(900_000),
      }).then((response) => response.status);
    for (let round = 0; round < 10; round += 1) {
      expect(await post('/api/v1/workflows/validate', 'wrong')).toBe(401);
      expect(await post('/nothing', api.keys.developer)).toBe(404);
      expect(await post('/api/v1/workflows/validate', api.keys.none)).toBe(403);
    }
  });

  it('an announced length over the limit is refused before the body comes', async () => {
    const answer = await raw(
      `PUT /api/v1/workflows/x HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${api.keys.developer}\r\ncontent-type: application/json\r\ncontent-length: 99999999\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('a body with two lengths goes nowhere', async () => {
    const answer = await raw(
      `POST /api/v1/workflows/validate HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${api.keys.developer}\r\ncontent-type: application/json\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  it.each([
    '/%',
    '/api/v1/workflows/%E0%A4%A',
    '/api/v1/workflows/%zz',
    `/${'a'.repeat(8_000)}`,
    '//evil.example/api/v1/me',
  ])('an odd address gets an answer: %s', async (path) => {
    const answer = await raw(
      `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer ${api.keys.developer}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer).not.toMatch(/ at |node_modules/);
  });

  it('HEAD is GET without a body, key and all', async () => {
    const url = `http://127.0.0.1:${port}/api/v1/me`;
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(401);
    const response = await fetch(url, { method: 'HEAD', headers: { authorization: `Bearer ${api.keys.viewer}` } });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });
});
