import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestApp } from './app.ts';
import { createTestApp } from './app.ts';

const body = (x: unknown, more: object = {}) => ({ tasks: [{ id: 'a', type: 'set', vars: { x } }], ...more });

let api: TestApp;
let client: Client;
beforeAll(async () => {
  api = await createTestApp();
  client = new Client({ connectionString: api.superuserUrl });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await api.close();
});

const put = (name: string, sent: unknown, query = '', headers?: { readonly [name: string]: string }) =>
  api.call('developer', 'PUT', `/workflows/${name}${query}`, sent, headers);
const get = (path: string) => api.call('viewer', 'GET', path);

describe('saving a workflow', () => {
  it('201, then 200 for the same content, then the next number', async () => {
    const first = await put('orders', body(1, { title: 'Orders', category: 'shop', tags: ['a', 'b'] }));
    expect(first).toMatchObject({
      status: 201,
      body: { workflow: 'orders', version: '1', number: 1, state: 'published', current: true, createdBy: 'developer' },
    });
    expect(await put('orders', body(1, { title: 'Orders', category: 'shop', tags: ['a', 'b'] }))).toMatchObject({
      status: 200,
      body: { version: '1' },
    });
    expect(await put('orders', body(2, { title: 'Orders!' }))).toMatchObject({
      status: 201,
      body: { version: '2', number: 2 },
    });
    expect(await get('/workflows/orders')).toMatchObject({
      status: 200,
      body: {
        name: 'orders',
        title: 'Orders!',
        status: 'active',
        version: '2',
        owner: 'developer',
        definition: body(2, { title: 'Orders!' }),
      },
    });
    const { body: versions } = await get('/workflows/orders/versions');
    expect(versions.items.map(({ version, current }: any) => [version, current])).toEqual([
      ['2', true],
      ['1', false],
    ]);
  });

  it('YAML as it was sent', async () => {
    const yaml = '# kept\ntitle: Yam\ntasks:\n  - { id: a, type: set, vars: { x: 1 } }\n';
    expect((await put('yam', yaml, '', { 'content-type': 'application/yaml' })).status).toBe(201);
    const { body: version } = await get('/workflows/yam/versions/1');
    expect(version).toMatchObject({ source: yaml, definition: body(1, { title: 'Yam' }) });
  });

  it('a named version never changes', async () => {
    expect(await put('named', body(1, { version: '1.0.0' }))).toMatchObject({
      status: 201,
      body: { version: '1.0.0', number: 1 },
    });
    expect((await put('named', body(1, { version: '1.0.0' }))).status).toBe(200);
    expect(await put('named', body(2, { version: '1.0.0' }))).toMatchObject({
      status: 409,
      body: { code: 'VERSION_EXISTS' },
    });
    expect(await put('named', body(2, { version: '3' }))).toMatchObject({ status: 201, body: { number: 2 } });
    expect(await put('named', body(3))).toMatchObject({ status: 201, body: { version: '4', number: 4 } });
  });

  it('an older version again makes that one current', async () => {
    await put('back', body(1, { version: 'a', title: 'A' }));
    await put('back', body(2, { version: 'b', title: 'B' }));
    expect(await put('back', body(1, { version: 'a', title: 'A' }))).toMatchObject({
      status: 200,
      body: { version: 'a', current: true },
    });
    expect((await get('/workflows/back')).body).toMatchObject({ version: 'a', title: 'A' });
  });

  it('a draft leaves the current version, changes, and is published by its content', async () => {
    await put('drafted', body(1));
    expect(await put('drafted', body(2), '?draft=true')).toMatchObject({
      status: 201,
      body: { version: '2', state: 'draft', current: false },
    });
    expect(await put('drafted', body(3), '?draft=true')).toMatchObject({
      status: 201,
      body: { version: '2', state: 'draft' },
    });
    expect((await get('/workflows/drafted')).body.version).toBe('1');
    expect(await put('drafted', body(3))).toMatchObject({
      status: 201,
      body: { version: '2', state: 'published', current: true },
    });
  });

  it('a workflow with a draft only has no current version', async () => {
    await put('only-draft', body(1), '?draft=true');
    expect(await get('/workflows/only-draft')).toMatchObject({
      status: 200,
      body: { status: 'draft', version: null, definition: null },
    });
  });

  it('If-Match', async () => {
    const { headers } = await put('matched', body(1));
    const etag = headers.get('etag') ?? '';
    expect((await get('/workflows/matched')).headers.get('etag')).toBe(etag);
    expect((await put('matched', body(2), '', { 'if-match': etag })).status).toBe(201);
    expect(await put('matched', body(3), '', { 'if-match': etag })).toMatchObject({
      status: 412,
      body: { code: 'PRECONDITION_FAILED' },
    });
    expect((await put('unmatched', body(1), '', { 'if-match': '*' })).status).toBe(412);
    expect((await get('/workflows/unmatched')).status).toBe(404);
  });

  it('ten at once: every content gets a number of its own, none twice', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => put('rush', body(n))));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 201));
    const versions = answers.map(({ body: saved }) => Number(saved.version)).sort((a, b) => a - b);
    expect(versions).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const same = await Promise.all(Array.from({ length: 10 }, () => put('rush-same', body(1, { version: '1.0' }))));
    expect(same.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 9 }, () => 200), 201]);
  });

  it.each([
    ['broken JSON', '{"tasks": ', 'application/json'],
    ['no tasks', {}, 'application/json'],
    ['broken YAML', 'tasks: [', 'application/yaml'],
    ['a name of two kinds', body(1, { name: 'other' }), 'application/json'],
  ])('refuses %s and writes nothing', async (_, sent, type) => {
    const answer = await put('refused', sent, '', { 'content-type': type });
    expect(answer).toMatchObject({ status: 422, body: { code: 'DEFINITION_INVALID' } });
    expect(answer.body.errors[0]).toMatchObject({
      pointer: expect.any(String),
      code: expect.any(String),
      message: expect.any(String),
    });
    expect((await client.query("select from weft.workflows where name = 'refused'")).rowCount).toBe(0);
  });

  it('is audited in the same transaction', async () => {
    await put('audited', body(1));
    await put('audited', body(1));
    await api.call('developer', 'DELETE', '/workflows/audited');
    const { body: log } = await api.call('admin', 'GET', '/audit-logs?resourceType=workflow&user=developer&limit=2');
    expect(log.items).toMatchObject([
      { action: 'delete', user: 'developer', changes: { before: { name: 'audited' } }, requestId: expect.any(String) },
      { action: 'create', changes: { after: { name: 'audited', version: '1' } } },
    ]);
  });
});

describe('checking a definition', () => {
  it('saves nothing', async () => {
    expect(await api.call('viewer', 'POST', '/workflows/validate', body(1, { name: 'checked' }))).toMatchObject({
      status: 200,
      body: { valid: true, problems: [] },
    });
    const bad = await api.call(
      'viewer',
      'POST',
      '/workflows/validate',
      'name: checked\ntasks:\n  - { id: a, type: nope }\n',
      { 'content-type': 'application/yaml' },
    );
    expect(bad).toMatchObject({ status: 200, body: { valid: false, problems: [{ line: 3 }] } });
    expect((await get('/workflows/checked')).status).toBe(404);
  });
});

describe('deleting a workflow', () => {
  it('hides it, and saving revives it with its versions', async () => {
    await put('gone', body(1));
    expect((await api.call('developer', 'DELETE', '/workflows/gone')).status).toBe(204);
    for (const path of ['', '/versions', '/versions/1', '/diagram'])
      expect((await get(`/workflows/gone${path}`)).status).toBe(404);
    expect((await api.call('developer', 'DELETE', '/workflows/gone')).status).toBe(404);
    expect(await put('gone', body(2))).toMatchObject({ status: 201, body: { version: '2' } });
    expect((await get('/workflows/gone/versions/1')).status).toBe(200);
  });
});

describe('reading', () => {
  it('404 for what is not there', async () => {
    await put('there', body(1));
    for (const path of [
      '/workflows/nope',
      '/workflows/nope/versions',
      '/workflows/there/versions/9',
      '/workflows/nope/diagram',
    ]) {
      expect(await get(path)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    }
  });

  it('a diagram', async () => {
    await put('drawn', body(1));
    const answer = await get('/workflows/drawn/diagram');
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(answer.body).toMatch(/^(?:---|flowchart|graph)/);
  });

  it('a definition that came in by SQL is compiled when it is drawn', async () => {
    await client.query(`
      begin; select set_config('app.tenant', 'default', true);
      insert into weft.workflows (tenant_id, id, name, title, owner_id, status) values ('default', 'w-sql', 'by-sql', 'By SQL', 'developer', 'active');
      insert into weft.workflow_definitions (tenant_id, id, workflow_id, version, number, state, dialect, source, body, content_hash, compile_state, created_by)
      values ('default', 'd-sql', 'w-sql', '1', 1, 'published', 'native', '', '${JSON.stringify(body(1))}', '\\x00', 'pending', 'developer');
      update weft.workflows set current_definition_id = 'd-sql' where id = 'w-sql'; commit`);
    expect((await get('/workflows/by-sql/diagram')).status).toBe(200);
    expect((await get('/workflows/by-sql/versions/1')).body.compileState).toBe('valid');
  });

  it('executors with the JSON Schema of their input', async () => {
    const { body: executors } = await get('/executors');
    const http = executors.items.find(({ name }: { name: string }) => name === 'http');
    expect(http).toMatchObject({ local: false, inputSchema: { type: 'object', properties: { url: {} } } });
  });
});
