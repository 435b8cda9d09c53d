import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PERMISSIONS, ROLES, permissionsOf } from '../../src/permissions.ts';
import type { Permission, Role } from '../../src/permissions.ts';
import { register } from '../../src/api/register.ts';
import type { Route } from '../../src/api/route.ts';
import { routes } from '../../src/api/routes/index.ts';
import { createApp } from '../../src/api/app.ts';
import type { TestApp } from './app.ts';
import { createTestApp } from './app.ts';

const roles = Object.keys(ROLES) as Role[];
const named = routes.map(({ spec }) => [`${spec.method.toUpperCase()} ${spec.path}`, spec] as const);
const filled = (path: string) => path.replaceAll(/\{\w+\}/g, 'nothing-of-that-name');
const mayNot = (permission: Permission) =>
  roles.filter((role) => !(ROLES[role] as readonly Permission[]).includes(permission));

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp();
});
afterAll(() => api.close());

describe.each(named)('%s', (_, spec) => {
  const method = spec.method.toUpperCase();
  const path = filled(spec.path);

  it('401 without a key, with a wrong one, with another scheme', async () => {
    const headers: { [name: string]: string }[] = [
      {},
      { authorization: `Bearer ${api.keys.admin}x` },
      { authorization: `Basic ${btoa(`x:${api.keys.admin}`)}` },
      { authorization: api.keys.admin },
      { authorization: 'Bearer ' },
    ];
    for (const each of headers) {
      const response = await api.request(`/api/v1${path}`, { method, headers: each });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toContain('Bearer');
      expect(await response.json()).toMatchObject({ code: 'UNAUTHENTICATED' });
    }
  });

  it('403 without the permission', async () => {
    for (const role of ['none', ...mayNot(spec.permission)] as const) {
      const answer = await api.call(role, method, path);
      expect([role, answer.status, answer.body.code]).toEqual([role, 403, 'FORBIDDEN']);
    }
  });

  it('no path trick gets past the key', async () => {
    const tricks = [
      `/${path}`,
      `${path}/`,
      `${path}/configs`,
      path.replace('/', '/%2f'),
      `/..;${path}`,
      `/x/..${path}`,
      `${path}%00`,
      path.toUpperCase(),
    ];
    for (const trick of tricks) {
      for (const verb of new Set([method, 'HEAD', 'OPTIONS', 'TRACE-X'])) {
        const init = {
          method: verb,
          headers: { 'x-http-method-override': 'GET', 'x-original-url': '/healthz', 'x-rewrite-url': '/healthz' },
        };
        const response = await api.request(`/api/v1${trick}`, init);
        expect([401, 403, 404], `${verb} ${trick}`).toContain(response.status);
      }
    }
  });
});

describe('what a role may do', () => {
  it('is as it was reviewed', () => {
    const matrix = named.map(([name, spec]) => {
      const may = roles.filter((role) => (ROLES[role] as readonly Permission[]).includes(spec.permission));
      return `${name}: ${spec.permission}: ${may.join(' ')}`;
    });
    expect(matrix.sort()).toMatchSnapshot();
  });

  it('is cut down by scopes, never widened', () => {
    const holder = { roles: ['viewer', 'no such role'], permissions: ['audit:read', 'no:such'], scopes: [] };
    expect(permissionsOf(holder)).toEqual(new Set([...ROLES.viewer, 'audit:read']));
    expect(permissionsOf({ ...holder, scopes: ['audit:read', 'key:manage'] })).toEqual(new Set(['audit:read']));
    expect(permissionsOf({ roles: ['user'], permissions: [], scopes: [] })).toEqual(new Set(ROLES.viewer));
    expect(permissionsOf({ roles: [], permissions: [], scopes: [] })).toEqual(new Set());
    expect(permissionsOf({ roles: ['admin'], permissions: [], scopes: [] })).toEqual(new Set(PERMISSIONS));
  });

  it('nothing under /api/v1 is reachable but through a declared route', () => {
    const app = createApp(api.services);
    const reachable = app.routes.filter(({ path, method }) => path.startsWith('/api') && method !== 'ALL');
    const declared = routes.map(
      ({ spec }) => `${spec.method.toUpperCase()} /api/v1${spec.path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    );
    expect(reachable.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(declared.sort());
  });

  it('a route without a permission is not registered', () => {
    const bare = {
      spec: { method: 'get', path: '/x', tag: 'x', summary: 'x', answers: {} },
      handler: () => new Response(),
    };
    expect(() => register(createApp(api.services, []), bare as unknown as Route)).toThrow('declares no permission');
  });
});

describe('a key stops working at once', () => {
  const changes: readonly [what: string, sql: string][] = [
    ['it is revoked', "update weft.api_keys set revoked_at = now() where user_id = 'viewer'"],
    ['it expires', "update weft.api_keys set expires_at = now() - interval '1 second' where user_id = 'viewer'"],
    ['its user is deleted', "update weft.users set deleted_at = now() where id = 'viewer'"],
    ['its user is switched off', "update weft.users set is_active = false where id = 'viewer'"],
  ];
  const undo =
    "update weft.api_keys set revoked_at = null, expires_at = null where user_id = 'viewer'; update weft.users set deleted_at = null, is_active = true where id = 'viewer'";

  it.each(changes)('when %s', async (_, sql) => {
    const client = new Client({ connectionString: api.superuserUrl });
    await client.connect();
    try {
      expect((await api.call('viewer', 'GET', '/workflows')).status).toBe(200);
      await client.query(sql);
      expect((await api.call('viewer', 'GET', '/workflows')).status).toBe(401);
    } finally {
      await client.query(undo);
      await client.end();
    }
  });

  it('and no usable key is in the database', async () => {
    const client = new Client({ connectionString: api.superuserUrl });
    await client.connect();
    const { rows } = await client.query<{ row: string }>('select k::text as row from weft.api_keys k');
    await client.end();
    expect(rows.length).toBeGreaterThan(5);
    for (const key of Object.values(api.keys)) {
      expect(rows.some(({ row }) => row.includes(key.slice(14)))).toBe(false);
    }
  });
});

describe('another tenant', () => {
  const canary = 'canary-7f3a';
  const approval = `${canary}~approve`;
  const idOf = (path: string) => (path.startsWith('/approvals') ? approval : canary);
  const bodies: { readonly [path: string]: object } = {
    '/approvals/{id}/decision': { decision: 'approve' },
    '/templates/{code}/instantiate': { name: 'theirs' },
  };

  beforeAll(async () => {
    const body = { title: canary, tasks: [{ id: 'a', type: 'set', vars: { x: canary } }] };
    expect((await api.call('developer', 'PUT', `/workflows/${canary}`, body)).status).toBe(201);
    expect((await api.call('developer', 'PUT', `/templates/${canary}`, { name: canary, body })).status).toBe(201);
    const started = await api.call('developer', 'POST', '/executions', { workflow: canary, id: canary, delay: '1h' });
    expect([started.status, started.body.id]).toEqual([202, canary]);
    const client = new Client({ connectionString: api.superuserUrl });
    await client.connect();
    await client.query(
      "insert into weft.approvals (tenant_id, id, execution_id, path, title) values ('default', $1, $2, '/approve', $2)",
      [approval, canary],
    );
    await client.end();
  });

  it.each(
    routes
      .filter(({ spec }) => spec.path.includes('{') && spec.method !== 'put')
      .map(({ spec }) => [spec.method.toUpperCase(), spec] as const),
  )('is told 404 for what is ours: %s $path', async (method, spec) => {
    const id = idOf(spec.path);
    const path = spec.path
      .replace(/\{(name|code)\}/, canary)
      .replace('{version}', '1')
      .replace('{id}', id);
    const body = spec.body === undefined ? undefined : (bodies[spec.path] ?? {});
    if (method === 'GET' && !path.endsWith('/stream')) expect((await api.call('admin', 'GET', path)).status).toBe(200);
    const answer = await api.call('stranger', method, path, body);
    expect([path, answer.status]).toEqual([path, 404]);
    expect(JSON.stringify(answer.body).replaceAll(idOf(spec.path), '').replaceAll(canary, '')).not.toContain('canary');
  });

  it('finds everything as it was', async () => {
    expect((await api.call('admin', 'GET', `/executions/${canary}`)).body.status).toBe('pending');
    expect((await api.call('admin', 'GET', `/approvals/${approval}`)).body.status).toBe('open');
    expect((await api.call('admin', 'GET', `/workflows/${canary}`)).body.title).toBe(canary);
  });

  it('sees nothing of it in lists', async () => {
    for (const { spec } of routes.filter(({ spec }) => spec.method === 'get' && !spec.path.includes('{'))) {
      const answer = await api.call('stranger', 'GET', spec.path);
      expect(answer.status).toBe(200);
      expect(JSON.stringify(answer.body)).not.toContain(canary);
    }
  });

  it('may use the same name', async () => {
    const body = { tasks: [{ id: 'a', type: 'set', vars: { x: 1 } }] };
    expect((await api.call('stranger', 'PUT', `/workflows/${canary}`, body)).status).toBe(201);
    expect((await api.call('developer', 'GET', `/workflows/${canary}`)).body).toMatchObject({ title: canary });
  });
});
