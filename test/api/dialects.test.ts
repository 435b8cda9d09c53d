import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestApp } from './app.ts';
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

const put = (name: string, sent: unknown) => api.call('developer', 'PUT', `/workflows/${name}`, sent);
const get = (path: string) => api.call('viewer', 'GET', path);

describe('definitions in other dialects', () => {
  const nodes = [
    { id: 'node-1', type: 'condition', position: { x: 0, y: 0 }, data: { label: 'Big?', if: '{% $input.n > 1 %}' } },
    { id: 'node-2', type: 'set', position: { x: 0, y: 9 }, data: { vars: { x: 1 } } },
  ];
  const edges = [{ id: 'e', source: 'node-1', sourceHandle: 'true', target: 'node-2' }];
  const steps = [{ step_name: 'Only', step_type: 'set', config: { vars: { x: 1 } } }];

  it('a definition in another dialect is stored as it was sent, with its dialect and its graph', async () => {
    const bodies = {
      'in-graph': { nodes, edges, title: 'Graph' },
      'in-steps': { steps },
      bare: steps,
      usual: { tasks: [{ id: 'a', type: 'set', vars: { x: 1 } }] },
    };
    for (const [name, sent] of Object.entries(bodies)) {
      expect(await api.call('viewer', 'POST', '/workflows/validate', sent)).toMatchObject({ body: { valid: true } });
      expect(await put(name, sent)).toMatchObject({ status: 201, body: { definition: sent } });
      expect(await put(name, sent)).toMatchObject({ status: 200, body: { version: '1' } });
    }
    const { rows } = await client.query(
      `select w.name, dialect, graph from weft.workflow_definitions d join weft.workflows w on w.id = d.workflow_id
       where w.name = any($1) order by w.name`,
      [Object.keys(bodies)],
    );
    expect(rows).toEqual([
      { name: 'bare', dialect: 'steps', graph: null },
      { name: 'in-graph', dialect: 'graph', graph: { nodes, edges } },
      { name: 'in-steps', dialect: 'steps', graph: null },
      { name: 'usual', dialect: 'native', graph: null },
    ]);
    const diagram = (await get('/workflows/in-graph/diagram')).body;
    expect(diagram).toContain('t0 -->|then| t1');
    expect(diagram).toContain('if #36;input.n #62; 1');
  });

  it('where a graph is wrong is told in its own places', async () => {
    const wrong = { nodes, edges: [{ source: 'node-3', target: 'node-2' }] };
    expect(await put('wrong-graph', wrong)).toMatchObject({
      status: 422,
      body: { code: 'DEFINITION_INVALID', errors: [{ code: 'TASK_UNKNOWN', pointer: '/edges/0/source' }] },
    });
  });

  it('a graph and steps that came in by SQL are compiled by their dialect, from their text where there is one', async () => {
    const text = `steps:\n  - { step_name: Only, step_type: set, config: { vars: { x: "{% 'text' %}" } } }`;
    const stored: readonly [name: string, dialect: string, source: string, body: unknown, state: string][] = [
      ['sql-graph', 'graph', '', { nodes, edges }, 'valid'],
      ['sql-steps', 'steps', '', steps, 'valid'],
      ['sql-text', 'steps', text, { steps: 'as the text says' }, 'valid'],
      ['sql-wrong', 'native', '', { nodes, edges }, 'invalid'],
    ];
    for (const [name, dialect, source, content, state] of stored) {
      await client.query("select set_config('app.tenant', 'default', false)");
      await client.query(
        "insert into weft.workflows (tenant_id, id, name, title, owner_id, status) values ('default', $1, $1, $1, 'developer', 'active')",
        [name],
      );
      await client.query(
        `insert into weft.workflow_definitions (tenant_id, id, workflow_id, version, number, state, dialect, source, body, content_hash, compile_state, created_by)
         values ('default', $1, $1, '1', 1, 'published', $2, $3, $4, '\\x00', 'pending', 'developer')`,
        [name, dialect, source, JSON.stringify(content)],
      );
      await client.query('update weft.workflows set current_definition_id = id where id = $1', [name]);
      await get(`/workflows/${name}/diagram`);
      expect([name, (await get(`/workflows/${name}/versions/1`)).body.compileState]).toEqual([name, state]);
    }
  });
});
