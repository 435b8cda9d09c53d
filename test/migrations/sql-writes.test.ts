import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSqlSurface } from './sql-surface.ts';

let surface: Awaited<ReturnType<typeof create>>;

async function create() {
  const made = await createSqlSurface({
    system: { userId: 'system', tenant: 'default' },
    other: { userId: 'system', tenant: 'default' },
  });
  await made.asOwner(
    `insert into weft.users (tenant_id, id, email, username, name, roles) values ('default', 'ann', 'ann@w.test', 'ann', 'Ann', '{developer}')`,
  );
  await made.createLogins();
  return made;
}

const BODY = `'{"tasks": [], "title": "T", "description": "D", "category": "C", "tags": ["a", 1, null]}'`;
/** Per view: its key, what is inserted, and a column to change. In this order: later ones name earlier ones. */
// prettier-ignore
const WRITES: readonly (readonly [view: string, key: string, columns: string, values: string, change: string])[] = [
  ['engine.workflow_definitions', 'workflow_id', 'name, definition_json, status', `'e', ${BODY}, 'draft'`, `status = 'active'`],
  ['engine.workflow_definitions', 'workflow_id', 'workflow_id, name, definition_json', `'e-1', 'e', ${BODY}`, `status = 'inactive'`],
  ['engine.workflow_definitions', 'workflow_id', 'workflow_id, name, definition_json', `'run', 'run', ${BODY}`, `status = 'active'`],
  ['engine.workflow_executions', 'execution_id', 'workflow_id, input_data', `'run', 'null'`, `status = 'paused'`],
  ['stratix.workflow_definitions', 'id', 'name, definition_json', `'s', ${BODY}`, `description = 'other'`],
  ['stratix.workflow_definitions', 'id', 'name, definition_json, is_active', `'s', ${BODY}, null`, 'is_active = false'],
  ['stratix.workflow_instances', 'id', 'definition_id', `'run'`, `status = 'cancelled'`],
  ['ipa.workflows', 'id', 'id, name, tags', `'i', 'Of ipa', null`, `description = 'other'`],
  ['ipa.workflow_versions', 'id', 'workflow_id, definition', `'i', ${BODY}`, `change_summary = 'other'`],
  ['ipa.executions', 'id', 'workflow_id, metadata', `'i', null`, `status = 'paused'`],
  ['ipa.users', 'id', 'email, username', `'x@w.test', 'x'`, 'is_superuser = true'],
  ['ipa.agents', 'id', 'name, type, configuration', `'a', 'custom', '{}'`, 'temperature = 1'],
  ['workflow_db.workflows', 'id', 'name, tags, metadata', `'Of tid', null, null`, `metadata = '{"a": 1}'`],
  ['workflow_db.workflow_executions', 'id', 'workflow_id', `'i'`, `status = 'paused'`],
  ['gaia.gaia_workflow_template', 'id', 'template_code, template_name', `'t', 'T'`, 'is_deleted = 1'],
  ['gaia.gaia_workflow', 'id', 'workflow_code, workflow_name', `'g', 'G'`, `workflow_desc = 'other'`],
  ['gaia.gaia_workflow_version', 'id', 'workflow_code, version_number, workflow_data', `'g', '1', '{ "tasks" :[]}'`, 'is_current = 1'],
  ['gaia.gaia_workflow_log', 'id', 'workflow_code, input_params', `'g', ' {"a":1}'`, `status = 'cancelled'`],
  ['persona_db.personas', 'id', 'id, name, template', `'p', 'P', 'p'`, 'usage_count = 2'],
  ['agent_db.users', 'id', 'email, name', `'y@w.test', 'y'`, `permissions = '{x}'`],
  ['agent_db.agents', 'id', 'id, persona_id, name, metadata', `'a', 'p', 'A', null`, `status = 'archived'`],
  ['agent_db.executions', 'id', 'id, agent_id, input', `'ae', 'a', '{}'`, `status = 'completed'`],
  ['code_db.code_executions', 'id', 'language, code', `'python', 'x'`, `status = 'completed'`],
  ['sql_db.databases', 'id', 'name, connection_string, database_type', `'d', 'enc:x', 'sqlite'`, 'is_active = false'],
];

beforeAll(async () => {
  surface = await create();
});
afterAll(async () => {
  await surface.drop();
});

describe.each(WRITES)('%s', (view, key, columns, values, change) => {
  const shown = async (id: unknown) =>
    (await surface.as('system', `select * from ${view} where ${key}::text = $1::text`, [id]))[0];
  let id: unknown;

  it(`answers to an insert of ${columns} with the row that a select shows`, async () => {
    const [row] = await surface.as('system', `insert into ${view} (${columns}) values (${values}) returning *`);
    id = row[key];
    expect(row).toEqual(await shown(id));
  });

  it('changes nothing when it is updated to what it is', async () => {
    const before = await shown(id);
    const counted = `select (select count(*) from weft.audit_logs) + (select count(*) from weft.commands)
      + (select coalesce(sum(row_version), 0) from weft.workflows) + (select coalesce(sum(row_version), 0) from weft.workflow_definitions) as n`;
    const count = await surface.asOwner(counted);
    const all = Object.keys(before).map((column) => `${column} = ${column}`);
    await surface.as('system', `update ${view} set ${all.join(', ')} where ${key}::text = $1::text`, [id]);
    expect(await surface.asOwner(counted)).toEqual(count);
    // Where PostgreSQL writes through by itself, the table's trigger sets it all the same.
    expect({ ...(await shown(id)), updated_at: null }).toEqual({ ...before, updated_at: null });
  });

  it(`answers to ${change} with the row that a select shows`, async () => {
    const rows = await surface.as('system', `update ${view} set ${change} where ${key}::text = $1::text returning *`, [
      id,
    ]);
    expect(rows).toEqual([await shown(id)]);
  });
});

/** The second one's update sees the row as it was before the first one's, which it waits for. */
it.each([
  ['agent_db.users', 'ann', `roles = '{viewer}'`, `name = 'Anna'`, { roles: ['viewer'], name: 'Anna' }],
  ['agent_db.agents', 'a', `description = 'one'`, 'version = 7', { description: 'one', version: 7 }],
  [
    'workflow_db.workflows',
    'i',
    `metadata = '{"b": 2}'`,
    `description = 'two'`,
    { metadata: { b: 2 }, description: 'two' },
  ],
] as const)('%s: two who write different columns at once both do', async (view, id, first, second, both) => {
  const clients = [
    new Client({ connectionString: surface.urlOf('system') }),
    new Client({ connectionString: surface.urlOf('other') }),
  ] as const;
  for (const client of clients) await client.connect();
  try {
    await clients[0].query('begin');
    await clients[0].query(`update ${view} set ${first} where id = '${id}'`);
    const waiting = clients[1].query(`update ${view} set ${second} where id = '${id}'`);
    await expect
      .poll(() =>
        surface.asOwner(`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`),
      )
      .toHaveLength(1);
    await clients[0].query('commit');
    await waiting;
  } finally {
    for (const client of clients) await client.end();
  }
  expect((await surface.as('system', `select * from ${view} where id = '${id}'`))[0]).toMatchObject(both);
});

it('who deletes an execution, or changes a person, is in the audit log', async () => {
  await surface.as(
    'system',
    `insert into engine.workflow_executions (execution_id, workflow_id) values ('gone', 'run')`,
  );
  await surface.asOwner(`update weft.workflow_executions set status = 'success', authority = 2 where id = 'gone'`);
  await surface.as('system', `delete from engine.workflow_executions where execution_id = 'gone'`);
  expect(
    await surface.as(
      'system',
      `select action, user_id, resource_type from weft.audit_logs where resource_id in ('gone', 'ann') order by id`,
    ),
  ).toEqual([
    { action: 'update', user_id: 'system', resource_type: 'user' },
    { action: 'update', user_id: 'system', resource_type: 'user' },
    { action: 'execute', user_id: 'system', resource_type: 'execution' },
    { action: 'delete', user_id: 'system', resource_type: 'execution' },
  ]);
});
