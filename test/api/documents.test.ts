import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../src/api/routes/index.ts';
import { PROBLEMS } from '../../src/problem.ts';
import type { TestApp } from './app.ts';
import { createTestApp } from './app.ts';

let api: TestApp;
let document: any;
beforeAll(async () => {
  api = await createTestApp();
  document = await (await api.request('/openapi.json')).json();
});
afterAll(() => api.close());

const all = routes.map(({ spec }) => [`${spec.method.toUpperCase()} ${spec.path}`, spec] as const);

describe('the OpenAPI document', () => {
  it('is 3.1 and has every route', () => {
    expect(document.openapi).toBe('3.1.0');
    const paths = Object.entries<object>(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method} ${path}`),
    );
    expect(paths.sort()).toEqual(routes.map(({ spec }) => `${spec.method} /api/v1${spec.path}`).sort());
    const ids = Object.values<object>(document.paths).flatMap((item) =>
      Object.values(item).map(({ operationId }) => operationId as string),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(all)('%s: permission, security, parameters, problems', (_, spec) => {
    const operation = document.paths[`/api/v1${spec.path}`][spec.method];
    expect(operation['x-permission']).toBe(spec.permission);
    expect(operation.security).toEqual([{ key: [] }]);
    const names = (operation.parameters ?? []).filter((each: any) => each.in === 'path').map((each: any) => each.name);
    expect(names).toEqual([...spec.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    for (const status of ['400', '401', '403', '413', '500', '503']) {
      expect(operation.responses[status].content['application/problem+json'].schema).toEqual({
        $ref: '#/components/schemas/Problem',
      });
    }
    expect(Object.keys(operation.responses).some((status) => status.startsWith('2'))).toBe(true);
  });

  it('every body is required, but where nothing at all may be sent', () => {
    const withBody = routes.filter(({ spec }) => spec.body !== undefined);
    expect(withBody.length).toBeGreaterThan(1);
    for (const { spec } of withBody) {
      const { requestBody } = document.paths[`/api/v1${spec.path}`][spec.method];
      if (spec.bodyOptional !== true) expect([spec.path, requestBody.required]).toEqual([spec.path, true]);
      else expect(typeof spec.body === 'object' && spec.body.safeParse({}).success).toBe(true);
    }
  });

  it('every schema in it compiles', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'weft', ...document });
    for (const name of Object.keys(document.components.schemas)) {
      expect(typeof ajv.getSchema(`weft#/components/schemas/${name}`)).toBe('function');
    }
  });

  it('describes what is answered', async () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'weft', ...document });
    await api.call('developer', 'PUT', '/workflows/described', { tasks: [{ id: 'a', type: 'set', vars: { x: 1 } }] });
    for (const { spec } of routes.filter(
      ({ spec }) => spec.method === 'get' && /^[^{]*$|^\/workflows\//.test(spec.path),
    )) {
      const { status, body } = await api.call(
        'admin',
        'GET',
        spec.path.replace('{name}', 'described').replace('{version}', '1'),
      );
      expect([spec.path, status]).toEqual([spec.path, 200]);
      const pointer = `/api/v1${spec.path}`.replaceAll('/', '~1');
      const validate =
        typeof body === 'object'
          ? ajv.getSchema(
              `weft#/paths/${encodeURIComponent(pointer)}/get/responses/200/content/application~1json/schema`,
            )
          : undefined;
      if (validate) expect([spec.path, validate(body), validate.errors]).toEqual([spec.path, true, null]);
    }
  });
});

describe('what needs no key', () => {
  it.each([
    ['/healthz', 'application/json'],
    ['/readyz', 'application/json'],
    ['/metrics', 'text/plain'],
    ['/openapi.json', 'application/json'],
    ['/schemas/definition.json', 'application/schema+json'],
    ['/docs', 'text/html'],
    ['/docs/problems', 'text/html'],
    ['/docs/start.js', 'text/javascript'],
    ['/docs/swagger-ui.css', 'text/css'],
    ['/docs/swagger-ui-bundle.js', 'text/javascript'],
  ])('%s', async (path, type) => {
    const response = await api.request(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain(type);
    expect((await response.text()).length).toBeGreaterThan(10);
  });

  it('the page loads nothing from elsewhere', async () => {
    const page = await (await api.request('/docs')).text();
    const loaded = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url);
    expect(loaded.length).toBeGreaterThan(2);
    expect(loaded.filter((url) => !/^\/docs\/|^data:,$/.test(url ?? ''))).toEqual([]);
  });

  it('every problem has its place on the page', async () => {
    const page = await (await api.request('/docs/problems')).text();
    for (const code of Object.keys(PROBLEMS)) expect(page).toContain(`id="${code}"`);
  });

  it('/ leads to the page', async () => {
    const response = await api.request('/');
    expect([response.status, response.headers.get('location')]).toEqual([302, '/docs']);
  });

  it('/readyz names each check', async () => {
    expect(await (await api.request('/readyz')).json()).toEqual({
      status: 'ok',
      checks: { database: 'ok', temporal: 'ok' },
    });
  });

  it('/metrics counts requests by route', async () => {
    await api.call('viewer', 'GET', '/workflows/nope');
    expect(await (await api.request('/metrics')).text()).toMatch(
      /weft_http_request_seconds_count\{method="GET",route="\/api\/v1\/workflows\/:name",status="404"\} \d/,
    );
  });

  it('/metrics says how far the mirror may be behind', async () => {
    const text = await (await api.request('/metrics')).text();
    expect(text.match(/^weft_(?:mirror|temporal).*$/gm)).toEqual([
      'weft_mirror_swept_seconds 1.5',
      'weft_mirror_unconfirmed_seconds 0.25',
      'weft_temporal_retention_seconds 86400',
    ]);
  });
});

describe('headers', () => {
  const shown = (headers: Headers) =>
    Object.fromEntries([...headers].filter(([name]) => name !== 'x-request-id' && name !== 'content-length'));

  it.each([
    ['an answer', '/api/v1/me', 'admin'],
    ['a 401', '/api/v1/me', undefined],
    ['a 403', '/api/v1/audit-logs', 'viewer'],
    ['a 404', '/nothing', undefined],
    ['the page', '/docs', undefined],
    ['health', '/healthz', undefined],
  ] as const)('of %s', async (_, path, role) => {
    const response = await api.request(path, { headers: role ? { authorization: `Bearer ${api.keys[role]}` } : {} });
    expect(shown(response.headers)).toMatchSnapshot();
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('let no other origin in', async () => {
    for (const method of ['GET', 'OPTIONS']) {
      const response = await api.request('/api/v1/me', {
        method,
        headers: { origin: 'https://evil.example', 'access-control-request-method': 'GET' },
      });
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});
