import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller, TestApp } from './app.ts';
import { createTestApp } from './app.ts';

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

const template = {
  name: 'Notice',
  description: 'Tells somebody.',
  body: {
    name: 'notice',
    title: 'Notice to {{ who }}',
    tasks: [
      { id: 'tell', type: 'executor', executor: 'log', with: { message: 'Hello {{ who }}', data: '{{ data }}' } },
    ],
  },
  parameters: {
    type: 'object',
    required: ['who'],
    properties: { who: { type: 'string' }, data: { default: { n: 1 } } },
  },
};
const put = (code: string, sent: unknown, by: Caller = 'developer') => api.call(by, 'PUT', `/templates/${code}`, sent);
const make = (code: string, sent: unknown, headers?: { readonly [name: string]: string }) =>
  api.call('developer', 'POST', `/templates/${code}/instantiate`, sent, headers);

describe('templates', () => {
  it('are saved, read, changed, listed and deleted; saving again revives', async () => {
    const shown = { code: 'notice', ...template, createdBy: 'developer' };
    expect(await put('notice', template)).toMatchObject({ status: 201, body: shown });
    expect(await put('notice', { ...template, description: undefined })).toMatchObject({
      status: 200,
      body: { ...shown, description: null },
    });
    expect(await api.call('viewer', 'GET', '/templates/notice')).toMatchObject({
      status: 200,
      body: { name: 'Notice' },
    });
    expect((await put('steps', { name: 'Steps', body: [{ step_name: '{{ x }}', step_type: 'log' }] })).status).toBe(
      201,
    );
    const first = (await api.call('viewer', 'GET', '/templates?limit=1')).body;
    expect(first.items).toMatchObject([{ code: 'steps' }]);
    const second = (await api.call('viewer', 'GET', `/templates?limit=1&cursor=${first.nextCursor}`)).body;
    expect(second).toMatchObject({ items: [{ code: 'notice' }], nextCursor: null });
    expect(second.items[0]).not.toHaveProperty('body');

    expect((await api.call('developer', 'DELETE', '/templates/steps')).status).toBe(204);
    for (const [method, path] of [
      ['GET', '/templates/steps'],
      ['DELETE', '/templates/steps'],
    ] as const)
      expect(await api.call('developer', method, path)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect(await make('steps', { name: 'x', parameters: {} })).toMatchObject({ status: 404 });
    expect((await put('steps', { name: 'Steps', body: [] })).status).toBe(201);
    const { rows } = await client.query(
      "select action from weft.audit_logs where resource_type = 'template' order by id",
    );
    expect(rows.map(({ action }) => action)).toEqual(['create', 'update', 'create', 'delete', 'create']);
  });

  it('are refused with the place of what is wrong', async () => {
    const wrong = { ...template, body: { title: '{{ whom }}' } };
    expect(await put('wrong', wrong)).toMatchObject({
      status: 422,
      body: { code: 'DEFINITION_INVALID', errors: [{ code: 'PARAMETER_UNKNOWN', pointer: '/body/title' }] },
    });
    expect(await put('wrong', { ...template, body: 'text' })).toMatchObject({
      status: 400,
      body: { code: 'MALFORMED' },
    });
    expect(await put('%20', template)).toMatchObject({ status: 422, body: { errors: [{ code: 'NAME_INVALID' }] } });
  });

  it("are one tenant's", async () => {
    expect(await api.call('stranger', 'GET', '/templates/notice')).toMatchObject({ status: 404 });
    expect((await api.call('stranger', 'GET', '/templates')).body.items).toEqual([]);
    expect((await put('notice', { name: 'Theirs', body: {} }, 'stranger')).status).toBe(201);
    expect((await api.call('viewer', 'GET', '/templates/notice')).body.name).toBe('Notice');
  });
});

describe('instantiating', () => {
  it('makes a workflow of its own name, with the parameters filled in, once', async () => {
    const made = await make('notice', { name: 'notice-ada', parameters: { who: 'Ada' } });
    const definition = {
      name: 'notice-ada',
      title: 'Notice to Ada',
      tasks: [{ id: 'tell', type: 'executor', executor: 'log', with: { message: 'Hello Ada', data: { n: 1 } } }],
    };
    expect(made).toMatchObject({
      status: 201,
      body: { workflow: 'notice-ada', version: '1', state: 'published', current: true, definition },
    });
    expect(made.headers.get('etag')).toBe(`"${made.body.contentHash}"`);
    expect(await make('notice', { name: 'notice-ada', parameters: { who: 'Ada' } })).toMatchObject({
      status: 409,
      body: { code: 'CONFLICT' },
    });
    const { rows } = await client.query(
      'select t.code from weft.workflows w join weft.workflow_templates t on t.id = w.template_id where w.name = $1',
      ['notice-ada'],
    );
    expect(rows).toEqual([{ code: 'notice' }]);
  });

  it('takes a name that was deleted', async () => {
    expect((await make('notice', { name: 'again', parameters: { who: 'A' } })).status).toBe(201);
    expect((await api.call('developer', 'DELETE', '/workflows/again')).status).toBe(204);
    expect(await make('notice', { name: 'again', parameters: { who: 'B' } })).toMatchObject({
      status: 201,
      body: { version: '2', definition: { title: 'Notice to B' } },
    });
  });

  it('ten at once make one, and a repeated Idempotency-Key gets the same answer', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => make('notice', { name: 'race', parameters: { who: `${i}` } })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(409)]);
    const key = { 'idempotency-key': 'notice-once' };
    const [first, second] = [
      await make('notice', { name: 'once', parameters: { who: 'x' } }, key),
      await make('notice', { name: 'once', parameters: { who: 'x' } }, key),
    ];
    expect([first.status, second.status, second.body]).toEqual([201, 201, first.body]);
  });

  it('refuses parameters that do not fit, a bad name, and a definition that becomes none', async () => {
    expect(await make('notice', { name: 'x', parameters: { who: 1, whom: 'x' } })).toMatchObject({
      status: 422,
      body: {
        code: 'INPUT_INVALID',
        errors: [{ pointer: '/parameters/whom' }, { code: 'FIELD_INVALID', pointer: '/parameters/who' }],
      },
    });
    expect(await make('notice', { name: 'a/b', parameters: { who: 'x' } })).toMatchObject({
      status: 422,
      body: { code: 'DEFINITION_INVALID', errors: [{ code: 'NAME_INVALID', pointer: '' }, { pointer: '/name' }] },
    });
    await put('any', { name: 'Any', body: { steps: [{ step_name: '{{ what }}', step_type: '{{ what }}' }] } });
    expect(await make('any', { name: 'x', parameters: { what: 'agent' } })).toMatchObject({
      status: 422,
      body: { code: 'DEFINITION_INVALID', errors: [{ code: 'EXECUTOR_UNKNOWN', pointer: '/steps/0/step_type' }] },
    });
  });

  it('works for templates that came in by SQL, and says where they are wrong', async () => {
    const insert = (code: string, body: unknown) =>
      client.query(
        `insert into weft.workflow_templates (tenant_id, code, name, body, created_by) values ('default', $1, $1, $2, 'developer')`,
        [code, JSON.stringify(body)],
      );
    await insert('by-sql', { nodes: [{ id: '1', type: 'set', data: { vars: { x: '{{ x }}' } } }] });
    expect(await make('by-sql', { name: 'sql-made', parameters: { x: [1] } })).toMatchObject({ status: 201 });
    expect(await make('by-sql', { name: 'sql-not', parameters: {} })).toMatchObject({
      status: 422,
      body: { code: 'DEFINITION_INVALID', errors: [{ pointer: '/body/nodes/0/data/vars/x' }] },
    });
  });
});
