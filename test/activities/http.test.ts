import type { RequestListener } from 'node:http';
import { brotliCompressSync, createGzip, gzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHttp, parseRetryAfter } from '../../activities/http.ts';
import { createNotify } from '../../activities/notify.ts';
import { run } from './executor-context.ts';
import type { LocalServer } from './local-server.ts';
import { startServer } from './local-server.ts';

const http = createHttp({ allowPrivate: true });

describe('http', () => {
  let server: LocalServer;
  let other: LocalServer;

  beforeAll(async () => {
    other = await startServer((_request, response) => void response.end('other'));
    server = await startServer((request, response) => {
      const { pathname } = new URL(request.url ?? '', 'http://x');
      (ANSWERS[pathname] ?? ANSWERS['/json'])?.(request, response);
    });
  });
  afterAll(async () => {
    await server.close();
    await other.close();
  });
  beforeEach(() => {
    server.seen.length = 0;
    other.seen.length = 0;
  });

  const ANSWERS: { readonly [path: string]: RequestListener } = {
    '/json': (_request, response) => {
      response.setHeader('content-type', 'application/json; charset=utf-8');
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.end('{"ok":true}');
    },
    '/text': (_request, response) => void response.end('grüße'),
    '/binary': (_request, response) => void response.end(Buffer.from([0xff, 0xfe, 0])),
    '/broken-json': (_request, response) =>
      void response.setHeader('content-type', 'application/problem+json').end('{'),
    '/empty': (_request, response) => void response.writeHead(204).end(),
    '/gzip': (_request, response) => void response.setHeader('content-encoding', 'gzip').end(gzipSync('zipped')),
    '/brotli': (_request, response) =>
      void response.setHeader('content-encoding', 'br').end(brotliCompressSync('zipped')),
    '/not-gzip': (_request, response) => void response.setHeader('content-encoding', 'gzip').end('plain'),
    '/bomb': (_request, response) => {
      response.setHeader('content-encoding', 'gzip');
      const zeros = Buffer.alloc(1_048_576);
      Readable.from(Array.from({ length: 1_024 }, () => zeros))
        .pipe(createGzip())
        .pipe(response);
    },
    '/large': (_request, response) => void response.end('x'.repeat(1_048_577)),
    '/loris': (_request, response) => {
      response.write('x');
      const timer = setInterval(() => response.write('x'), 50);
      response.on('close', () => clearInterval(timer));
    },
    '/silent': () => undefined,
    '/hang-up': (request) => void request.socket.destroy(),
    '/once': (_request, response) => void response.writeHead(302, { location: '/json' }).end(),
    '/see-other': (_request, response) => void response.writeHead(303, { location: '/json' }).end(),
    '/again': (_request, response) => void response.writeHead(307, { location: '/json' }).end(),
    '/for-ever': (_request, response) => void response.writeHead(302, { location: '/for-ever' }).end(),
    '/elsewhere': (_request, response) => void response.writeHead(307, { location: other.url }).end(),
    '/to-file': (_request, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    '/no-location': (_request, response) => void response.writeHead(302).end(),
    '/400': (_request, response) => void response.writeHead(400).end('no such account'),
    '/404': (_request, response) => void response.writeHead(404).end(),
    '/408': (_request, response) => void response.writeHead(408).end(),
    '/425': (_request, response) => void response.writeHead(425).end(),
    '/429': (_request, response) => void response.writeHead(429, { 'retry-after': '7' }).end(),
    '/500': (_request, response) => void response.writeHead(500).end(),
    '/503': (_request, response) => void response.writeHead(503, { 'retry-after': 'nonsense' }).end(),
  };

  const get = (path: string, more: object = {}) => run(http, { url: `${server.url}${path}`, ...more });

  it('gives back status, headers and body', async () => {
    expect(await get('/json', { query: { a: 1, b: ['x', 'y z'], c: null }, headers: { 'X-One': 1 } })).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8', 'set-cookie': 'a=1, b=2' },
      body: { ok: true },
    });
    expect(server.seen[0]).toMatchObject({ method: 'GET', url: '/json?a=1&b=x&b=y+z', headers: { 'x-one': '1' } });
    expect(server.seen[0]?.headers['idempotency-key']).toBeUndefined();
  });

  it.each([
    ['/text', 'grüße'],
    ['/binary', '//4A'],
    ['/broken-json', '{'],
    ['/empty', null],
    ['/gzip', 'zipped'],
    ['/brotli', 'zipped'],
  ])('body of %s', async (path, body) => {
    expect(await get(path)).toMatchObject({ body });
  });

  it('sends JSON, text as it is, and the idempotency key of the task or its own', async () => {
    await get('/json', { method: 'POST', body: { a: 'ü' } });
    await get('/json', {
      method: 'PUT',
      body: '<a/>',
      headers: { 'content-type': 'text/xml' },
      idempotencyKey: 'mine',
    });
    await get('/json', { method: 'DELETE' });
    expect(server.seen.map(({ headers, body }) => [headers['content-type'], headers['idempotency-key'], body])).toEqual(
      [
        ['application/json', 'root/task', '{"a":"ü"}'],
        ['text/xml', 'mine', '<a/>'],
        [undefined, 'root/task', ''],
      ],
    );
  });

  it('makes Basic authentication of a name and password in the URL', async () => {
    await run(http, { url: server.url.replace('//', '//ada:p%40ss@') });
    expect(server.seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from('ada:p@ss').toString('base64')}`);
  });

  it.each([
    ['/400', { code: 'HTTP_400', retryable: false, message: expect.stringContaining('no such account') }],
    ['/404', { code: 'HTTP_404', retryable: false }],
    ['/408', { code: 'HTTP_408', retryable: true }],
    ['/425', { code: 'HTTP_425', retryable: true }],
    ['/429', { code: 'HTTP_429', retryable: true, retryAfter: 7_000 }],
    ['/500', { code: 'HTTP_500', retryable: true, retryAfter: undefined }],
    ['/503', { code: 'HTTP_503', retryable: true, retryAfter: undefined }],
    ['/no-location', { code: 'HTTP_302' }],
    ['/for-ever', { code: 'HTTP_REDIRECTS', retryable: false }],
    ['/to-file', { code: 'URL_REFUSED', retryable: false }],
    ['/large', { code: 'PAYLOAD_TOO_LARGE', retryable: false }],
    ['/not-gzip', { code: 'HTTP_UNREACHABLE', retryable: true }],
    ['/hang-up', { code: 'HTTP_UNREACHABLE', retryable: true }],
  ])('%s is an error', async (path, error) => {
    await expect(get(path)).rejects.toMatchObject(error);
  });

  it('`expect` names what is a success, and a redirect that is expected is not followed', async () => {
    expect(await get('/404', { expect: [200, 404] })).toMatchObject({ status: 404, body: null });
    expect(await get('/once', { expect: 302 })).toMatchObject({ status: 302 });
    await expect(get('/json', { expect: 201 })).rejects.toMatchObject({ code: 'HTTP_200' });
  });

  it('follows redirects: 303 becomes GET, 307 keeps method and body', async () => {
    await get('/once');
    await get('/see-other', { method: 'POST', body: { a: 1 } });
    await get('/again', { method: 'POST', body: { a: 1 } });
    expect(server.seen.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['GET', '/once', ''],
      ['GET', '/json', ''],
      ['POST', '/see-other', '{"a":1}'],
      ['GET', '/json', ''],
      ['POST', '/again', '{"a":1}'],
      ['POST', '/json', '{"a":1}'],
    ]);
  });

  it('another origin gets no credentials', async () => {
    const headers = { Authorization: 'Bearer secret', Cookie: 'a=1', 'X-Other': 'kept' };
    await get('/elsewhere', { method: 'POST', body: {}, headers });
    await get('/again', { method: 'POST', body: {}, headers });
    expect(other.seen[0]?.headers).toMatchObject({ 'x-other': 'kept', 'idempotency-key': 'root/task' });
    expect(other.seen[0]?.headers.authorization).toBeUndefined();
    expect(other.seen[0]?.headers.cookie).toBeUndefined();
    expect(server.seen[2]?.headers).toMatchObject({ authorization: 'Bearer secret', cookie: 'a=1' });
  });

  it('a body that unpacks to 1 GB is refused as soon as it is too large', async () => {
    const before = process.memoryUsage().rss;
    await expect(get('/bomb')).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    expect(process.memoryUsage().rss - before).toBeLessThan(64_000_000);
  });

  it.each(['/loris', '/silent'])('%s ends with the signal', async (path) => {
    const start = Date.now();
    const signal = AbortSignal.timeout(200);
    await expect(run(http, { url: `${server.url}${path}` }, { signal })).rejects.toMatchObject({
      code: 'HTTP_UNREACHABLE',
    });
    expect(Date.now() - start).toBeLessThan(1_500);
  });

  it('nobody there is retryable, and the error shows the host alone', async () => {
    const gone = await startServer(() => undefined);
    await gone.close();
    const failing = run(http, { url: `${gone.url}/path?token=secret` });
    await expect(failing).rejects.toMatchObject({
      code: 'HTTP_UNREACHABLE',
      retryable: true,
      message: `127.0.0.1:${gone.port}: ECONNREFUSED`,
    });
    await expect(run(http, { url: 'http://no-such-host.invalid/' })).rejects.toMatchObject({
      code: 'HTTP_UNREACHABLE',
    });
  });

  it.each([
    { url: 'ftp://127.0.0.1/' },
    { url: 'file:///etc/passwd' },
    { url: 'no url' },
    { url: 'http://127.0.0.1/', method: 'TRACE' },
    { url: 'http://127.0.0.1/', headers: { 'Content-Length': '5' } },
    { url: 'http://127.0.0.1/', headers: { HOST: 'other' } },
    { url: 'http://127.0.0.1/', typo: 1 },
  ])('bad input %j does not pass', (input) => {
    expect(http.input.safeParse(input).success).toBe(false);
  });

  it('a header that would split the message is refused', async () => {
    const smuggling = get('/json', { headers: { 'x-a': 'b\r\nx-c: d' } });
    await expect(smuggling).rejects.toMatchObject({ code: 'INPUT_INVALID', retryable: false });
  });

  it('notify posts JSON and gives back the status alone', async () => {
    expect(await run(createNotify(http), { url: `${server.url}/json`, body: { text: 'hi' } })).toEqual({ status: 200 });
    expect(server.seen[0]).toMatchObject({
      method: 'POST',
      body: '{"text":"hi"}',
      headers: { 'idempotency-key': 'root/task' },
    });
  });
});

describe('parseRetryAfter', () => {
  const now = Date.UTC(2026, 0, 1);
  it.each([
    [undefined, undefined],
    ['120', 120_000],
    ['0', 0],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['soon', undefined],
    ['-1', undefined],
  ])('%s is %s ms', (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected);
  });
});
