import { z } from '@hono/zod-openapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { route } from '../../src/api/route.ts';
import { routes } from '../../src/api/routes/index.ts';
import { Problem } from '../../src/problem.ts';
import type { TestApp } from './app.ts';
import { createTestApp } from './app.ts';

const declared = {
  permission: 'workflow:read',
  tag: 'test',
  summary: 'Test',
  answers: { 200: { description: 'Echo' } },
} as const;
const body = z.strictObject({ count: z.int().min(1), list: z.array(z.strictObject({ name: z.string() })).optional() });
const testRoutes = [
  route(
    {
      ...declared,
      method: 'post',
      path: '/echo/{id}',
      body,
      query: z.strictObject({ n: z.coerce.number().optional() }),
    },
    (c) => c.json({ param: c.req.valid('param'), query: c.req.valid('query'), json: c.req.valid('json') }),
  ),
  route(
    {
      ...declared,
      method: 'post',
      path: '/optional',
      body: z.strictObject({ reason: z.string().optional() }),
      bodyOptional: true,
    },
    (c) => c.json(c.req.valid('json')),
  ),
  route({ ...declared, method: 'post', path: '/ignores' }, (c) => c.json({ ok: true })),
  route({ ...declared, method: 'get', path: '/bug' }, () => {
    throw new Error('secret inside: postgres://user:password@host');
  }),
  route({ ...declared, method: 'get', path: '/problem' }, () => {
    throw new Problem('ALREADY_DECIDED', 'Ada decided.', {
      extra: { decidedBy: 'ada' },
      errors: [{ pointer: '/x', code: 'C', message: 'm' }],
    });
  }),
  route({ ...declared, method: 'get', path: '/unavailable' }, () => {
    throw new Problem('DATABASE_UNAVAILABLE', 'Away.');
  }),
];

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp({ routes: [...routes, ...testRoutes] });
});
afterAll(() => api.close());

function chunked(bytes: number): ReadableStream<Uint8Array> {
  let left = bytes;
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) controller.close();
      else controller.enqueue(new TextEncoder().encode('x'.repeat(Math.min(left, 65_536))));
      left -= 65_536;
    },
  });
}

describe('what a handler gets', () => {
  it('is checked and typed', async () => {
    const answer = await api.call('viewer', 'POST', '/echo/a%20b?n=3', { count: 1 });
    expect(answer).toMatchObject({ status: 200, body: { param: { id: 'a b' }, query: { n: 3 }, json: { count: 1 } } });
  });

  it('is {} for an absent body only where the route says so', async () => {
    expect(await api.call('viewer', 'POST', '/optional')).toMatchObject({ status: 200, body: {} });
    expect(await api.call('viewer', 'POST', '/optional', { reason: 'x' })).toMatchObject({
      status: 200,
      body: { reason: 'x' },
    });
    expect(await api.call('viewer', 'POST', '/echo/1')).toMatchObject({ status: 400, body: { code: 'MALFORMED' } });
  });

  const refused: readonly [what: string, body: unknown, pointers: string[]][] = [
    ['a missing field', {}, ['/count']],
    ['an unknown field', { count: 1, colour: 'red' }, ['/colour']],
    ['two wrong things', { count: 0, list: [{ name: 1 }] }, ['/count', '/list/0/name']],
    ['another type', [], ['']],
    ['null', null, ['']],
    ['no JSON', '{"count": 1', ['']],
  ];
  it.each(refused)('is refused with pointers: %s', async (_, sent, pointers) => {
    const answer = await api.call('viewer', 'POST', '/echo/1', sent);
    expect(answer).toMatchObject({ status: 400, body: { code: 'MALFORMED' } });
    expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers);
  });

  it.each([
    ['/echo/1?n=x', '/query/n'],
    ['/echo/1?m=1', '/query/m'],
    ['/echo/1?n=1&n=2', '/query/n'],
    ['/echo/1?n=%00', '/query/n'],
    ['/echo/a%00b', '/path/id'],
    [`/echo/${'a'.repeat(8_001)}`, '/path/id'],
  ])('is refused with pointers: %s', async (path, pointer) => {
    expect(await api.call('viewer', 'POST', path, { count: 1 })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer }] },
    });
  });

  it('says where JSON breaks', async () => {
    const answer = await api.call('viewer', 'POST', '/echo/1', '{\n  "count": 1,\n}');
    expect(answer.body.errors).toMatchObject([{ line: 3, column: 1, code: 'JSON_INVALID' }]);
  });
});

describe('bodies over the limit', () => {
  const writing = [...routes, ...testRoutes].filter(({ spec }) => spec.method !== 'get');
  it.each(writing.map(({ spec }) => [spec.method.toUpperCase(), spec.path] as const))(
    '%s %s: 413, whole and in chunks',
    async (method, path) => {
      const url = `/api/v1${path.replaceAll(/\{\w+\}/g, 'x')}`;
      const headers = { authorization: `Bearer ${api.keys.admin}`, 'content-type': 'application/json' };
      const whole = await api.request(url, {
        method,
        headers: { ...headers, 'content-length': '1048577' },
        body: 'x'.repeat(1_048_577),
      });
      expect(whole.status).toBe(413);
      const init = { method, headers, body: chunked(1_048_577), duplex: 'half' };
      const inChunks = await api.request(url, init as RequestInit);
      expect(inChunks.status).toBe(413);
      expect(await inChunks.json()).toMatchObject({ code: 'TOO_LARGE', status: 413 });
    },
  );

  it('and just under it is read', async () => {
    const answer = await api.call(
      'viewer',
      'POST',
      '/optional',
      JSON.stringify({ reason: 'x'.repeat(1_048_576 - 13) }),
    );
    expect(answer.status).toBe(200);
  });
});

describe('content types', () => {
  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/yaml',
    'application/json, text/plain',
    'application/json; charset=utf-16',
    'application/jsonx',
    '',
  ])('415: %j', async (type) => {
    const answer = await api.call('viewer', 'POST', '/echo/1', '{"count": 1}', { 'content-type': type });
    expect(answer).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    '200: %j',
    async (type) => {
      expect((await api.call('viewer', 'POST', '/echo/1', '{"count": 1}', { 'content-type': type })).status).toBe(200);
    },
  );

  it('not UTF-8', async () => {
    const headers = { authorization: `Bearer ${api.keys.viewer}`, 'content-type': 'application/json' };
    const response = await api.request('/api/v1/echo/1', {
      method: 'POST',
      headers,
      body: new Uint8Array([0x22, 0xff, 0x22]),
    });
    expect(response.status).toBe(400);
  });
});

describe('problems', () => {
  it('have one shape', async () => {
    const answer = await api.call('viewer', 'GET', '/problem');
    expect(answer.status).toBe(409);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body).toEqual({
      type: '/docs/problems#ALREADY_DECIDED',
      title: 'Somebody decided it before',
      status: 409,
      code: 'ALREADY_DECIDED',
      detail: 'Ada decided.',
      requestId: answer.headers.get('x-request-id'),
      errors: [{ pointer: '/x', code: 'C', message: 'm' }],
      decidedBy: 'ada',
    });
  });

  it('show nothing of the inside', async () => {
    const answer = await api.call('viewer', 'GET', '/bug');
    expect(answer).toMatchObject({ status: 500, body: { code: 'INTERNAL' } });
    expect(JSON.stringify(answer.body)).not.toMatch(/secret|postgres|Error|\.ts/);
  });

  it('say that a call may be repeated', async () => {
    const answer = await api.call('viewer', 'GET', '/unavailable');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
  });

  it('carry the request id that was given, if it is one', async () => {
    const given = (await api.call('viewer', 'GET', '/nope', undefined, { 'x-request-id': 'abcdefgh-1' })).body
      .requestId;
    expect(given).toBe('abcdefgh-1');
    const made = (await api.call('viewer', 'GET', '/nope', undefined, { 'x-request-id': '<script>' })).body.requestId;
    expect(made).toMatch(/^[0-9a-f-]{36}$/);
  });
});
