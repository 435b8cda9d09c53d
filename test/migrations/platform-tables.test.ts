import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../src/store/database.ts';
import type { Database, Session } from '../../src/store/database.ts';
import { createUser } from '../../src/store/users.ts';
import { createTestDatabase } from '../stack/database.ts';
import type { TestDatabase } from '../stack/database.ts';
import { ask } from './catalog.ts';
import { insertInto, PLATFORM_TABLES } from './platform-rows.ts';

let test: TestDatabase;
let database: Database;

const run = (text: string) =>
  database.asApp({ tenant: 'default', userId: 'ann' }, (session: Session) =>
    sql.raw<{ readonly [column: string]: unknown }>(text).execute(session),
  );

beforeAll(async () => {
  test = await createTestDatabase();
  database = createDatabase({ url: test.url, name: 'platform-test' });
  await database.asApp({ tenant: 'default', userId: 'system' }, (session) =>
    createUser(session, { id: 'ann', username: 'ann', name: 'Ann', email: 'ann@weft.test', roles: [] }),
  );
  for (const table of PLATFORM_TABLES) await run(insertInto(table, 'mine', 'mine'));
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

describe('refused', () => {
  const NUMBERS = (count: number) => `array_fill(0.5::real, array[${count}])`;

  const CHECKS: readonly (readonly [change: string, constraint: string])[] = [
    ["agents set name = ' '", 'name_not_empty'],
    ["agents set type = 'other'", 'agents_type_check'],
    ["agents set status = 'deleted'", 'agents_status_check'],
    ['agents set version = 0', 'agents_version_check'],
    ["agents set settings = '[]'", 'settings_are_an_object'],
    ...[2.1, -0.1, 'true', 'null', '"1"', '[]', '[1]', '[1,1]', '{}'].map((value): [string, string] => [
      `agents set settings = '{"temperature":${value}}'`,
      'temperature_range',
    ]),
    ...[0, -1, 2 ** 31, 'true', '"1"', '[]', '{}'].map((value): [string, string] => [
      `agents set settings = '{"max_tokens":${value}}'`,
      'max_tokens_positive',
    ]),
    ...[1.1, -0.1, 'false', '"1"'].map((value): [string, string] => [
      `agents set settings = '{"top_p":${value}}'`,
      'top_p_range',
    ]),
    ["agent_plugins set name = ''", 'name_not_empty'],
    ["agent_plugins set plugin_type = 'other'", 'agent_plugins_plugin_type_check'],
    ["agent_tools set tool_name = ' '", 'agent_tools_tool_name_check'],
    ["agent_tools set tool_type = ''", 'agent_tools_tool_type_check'],
    ["agent_executions set status = 'completed'", 'agent_executions_status_check'],
    ['agent_executions set progress = 101', 'agent_executions_progress_check'],
    ['agent_executions set progress = -1', 'agent_executions_progress_check'],
    ['agent_executions set tokens_used = -1', 'agent_executions_tokens_used_check'],
    ['agent_executions set retry_count = -1', 'agent_executions_retry_count_check'],
    ['agent_executions set max_retries = -1', 'agent_executions_max_retries_check'],
    ['agent_executions set authority = 3', 'agent_executions_authority_check'],
    ["agent_executions set start_time = now(), end_time = now() - interval '1 s'", 'agent_executions_check'],
    ["personas set name = ' '", 'name_not_empty'],
    ['personas set usage_count = -1', 'personas_usage_count_check'],
    ['personas set rating = -1', 'personas_rating_check'],
    ["persona_templates set name = ' '", 'name_not_empty'],
    ["persona_validations set validator = 'me'", 'persona_validations_validator_check'],
    ["code_executions set language = 'cobol'", 'code_executions_language_check'],
    ["code_executions set status = 'completed'", 'code_executions_status_check'],
    ['code_executions set security_score = 101', 'code_executions_security_score_check'],
    ['code_executions set memory_used_mb = -1', 'code_executions_memory_used_mb_check'],
    ['code_executions set cpu_usage_percent = -1', 'code_executions_cpu_usage_percent_check'],
    ["code_executions set start_time = now(), end_time = now() - interval '1 s'", 'code_executions_check'],
    ["databases set name = ''", 'name_not_empty'],
    ["databases set connection_string = 'postgres://a:b@c/d'", 'connection_string_must_be_encrypted'],
    ["databases set database_type = 'oracle'", 'databases_database_type_check'],
    ['tables set row_count = -1', 'tables_row_count_check'],
    ['sql_queries set result_rows = -1', 'sql_queries_result_rows_check'],
    ['sql_queries set execution_time_ms = -1', 'sql_queries_execution_time_ms_check'],
    ["documents set title = ''", 'title_not_empty'],
    ["documents set content_type = 'image/png'", 'documents_content_type_check'],
    ["documents set status = 'done'", 'documents_status_check'],
    ['documents set file_size = -1', 'documents_file_size_check'],
    ['documents set chunk_count = -1', 'documents_chunk_count_check'],
    ['document_chunks set chunk_index = -1', 'document_chunks_chunk_index_check'],
    ['document_chunks set content_length = -1', 'document_chunks_content_length_check'],
  ];

  it.each(CHECKS)('%s', async (change, constraint) => {
    // Nothing of the row is in the message: it may be the secret.
    await expect(run(`update ${change}`)).rejects.toMatchObject({ code: '23514', constraint, detail: undefined });
  });

  it('by every check there is', async () => {
    const all = await ask<{ check: string }>(
      test.superuserUrl,
      `select relname || ' ' || conname as check from pg_constraint join pg_class c on c.oid = conrelid
       where contype = 'c' and relnamespace = 'weft'::regnamespace and relname = any($1) and conname <> 'embedding_has_1536_numbers'`,
      [PLATFORM_TABLES],
    );
    const tried = new Set(CHECKS.map(([change, constraint]) => `${change.split(' ')[0]} ${constraint}`));
    expect(all.map(({ check }) => check).sort()).toEqual([...tried].sort());
  });

  it.each([
    ['1535 numbers', NUMBERS(1535)],
    ['1537 numbers', NUMBERS(1537)],
    ['none', "'{}'::real[]"],
    ['numbers in rows', 'array_fill(0.5::real, array[2, 768])'],
    ['a hole', `${NUMBERS(1535)} || null::real`],
  ])('an embedding of %s', async (_, embedding) => {
    // By the constraint, or by the type of the extension.
    await expect(run(`update document_chunks set embedding = ${embedding}`)).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:23514|22000|22004|2202E)$/),
    });
  });

  it.each([
    ["insert into persona_templates (name, template) values ('mine', '')", 'persona_templates_tenant_id_name_key'],
    [
      "insert into agent_plugins (agent_id, name, plugin_type) values ('mine', 'x', 'web_search')",
      'agent_plugins_unique',
    ],
    [
      "insert into agent_tools (agent_id, tool_name, tool_type) values ('mine', 'mine', 'api')",
      'agent_tools_tenant_id_agent_id_tool_name_key',
    ],
    [
      "insert into schemas (database_id, schema_name) values ('mine', 'mine')",
      'schemas_tenant_id_database_id_schema_name_key',
    ],
    [
      "insert into document_chunks (document_id, chunk_index, content, content_length) values ('mine', 0, '', 0)",
      'document_chunks_tenant_id_document_id_chunk_index_key',
    ],
  ])('twice: %s', async (statement, constraint) => {
    await expect(run(statement)).rejects.toMatchObject({ code: '23505', constraint });
  });
});

describe('allowed', () => {
  it.each([
    "agents set settings = '{}'",
    'agents set settings = \'{"temperature":0,"max_tokens":1,"top_p":0}\'',
    'agents set settings = \'{"temperature":2.0,"max_tokens":2147483647,"top_p":1.0,"stop":["x"]}\'',
    'document_chunks set embedding = array_fill(0.5::real, array[1536])',
    'document_chunks set embedding = null',
  ])('%s', async (change) => {
    expect((await run(`update ${change}`)).numAffectedRows).toBe(1n);
  });

  it('a second plugin of a type that is switched off', async () => {
    await run(
      `insert into agent_plugins (agent_id, name, plugin_type, is_enabled) values ('mine', 'x', 'web_search', false)`,
    );
  });

  it('text of any length in a row that is searched', async () => {
    await run(`insert into documents (title, content, content_type)
      select 'long', string_agg(md5(n::text), ' '), 'text/plain' from generate_series(1, 60000) n`);
  });
});

describe('written by the database', () => {
  it('the owner, the settings, durations and times of change', async () => {
    const { rows } = await run(
      `insert into agents (name) values ('defaults') returning owner_id, settings, type, status, persona_id`,
    );
    expect(rows).toEqual([
      {
        owner_id: 'ann',
        settings: { temperature: 0.7, max_tokens: 4000, top_p: 1 },
        type: 'custom',
        status: 'active',
        persona_id: null,
      },
    ]);
    const times = await run(`insert into code_executions (language, code, start_time, end_time)
      values ('python', '', '2026-01-01', '2026-03-02') returning user_id, duration_ms`);
    expect(times.rows).toEqual([{ user_id: 'ann', duration_ms: 60 * 86_400_000 }]);
  });

  it('the time of each change', async () => {
    const edited = await ask<{ name: string }>(
      test.superuserUrl,
      `select tgrelid::regclass::text as name from pg_trigger
       where tgname = 'update_' || tgrelid::regclass::text || '_updated_at' or tgname = 'update_' || split_part(tgrelid::regclass::text, '.', 2) || '_updated_at'`,
    );
    const names = edited.map(({ name }) => name.replace('weft.', ''));
    for (const table of [
      'agents',
      'agent_plugins',
      'agent_tools',
      'personas',
      'persona_templates',
      'databases',
      'schemas',
      'tables',
      'documents',
    ]) {
      expect(names).toContain(table);
      await run(`update ${table} set created_at = created_at where id = 'mine'`);
      const { rows } = await run(`select updated_at > created_at as later from ${table} where id = 'mine'`);
      expect(rows, table).toEqual([{ later: true }]);
    }
  });

  it('what the cosine of two embeddings says', async () => {
    const { rows } = await run(`select round(weft.cosine_distance('{1,2}', '{2,4}')::numeric, 6)::float8 as same,
      weft.cosine_distance('{1,0}', '{0,1}') as across, weft.cosine_distance('{1,0}', '{-3,0}') as against,
      weft.cosine_distance('{0,0}', '{1,1}') as without`);
    expect(rows).toEqual([{ same: 0, across: 1, against: 2, without: null }]);
    await expect(run(`select weft.cosine_distance('{1,0}', '{1}')`)).rejects.toMatchObject({ code: '22000' });
  });
});

describe('what goes with what', () => {
  it('an agent stays when its persona goes, and while it has runs', async () => {
    await run(insertInto('personas', 'gone', ''));
    await run(insertInto('agents', 'orphan', 'gone'));
    await run(`delete from personas where id = 'gone'`);
    const { rows } = await run(`select persona_id, tenant_id from agents where id = 'orphan'`);
    expect(rows).toEqual([{ persona_id: null, tenant_id: 'default' }]);
    await expect(
      database.asEngine((session) => sql`delete from agents where id = 'mine'`.execute(session)),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^23(?:001|503)$/) });
  });

  it.each([
    ['databases', ['schemas', 'tables', 'sql_queries']],
    ['documents', ['document_chunks']],
  ] as const)('all that is of one of the %s', async (parent, children) => {
    for (const table of [parent, ...children]) await run(insertInto(table, 'whole', 'whole'));
    await run(`delete from ${parent} where id = 'whole'`);
    for (const table of children) expect((await run(`select from ${table} where id = 'whole'`)).rows).toEqual([]);
  });
});

it('every table says what it is', async () => {
  const silent = await ask(
    test.superuserUrl,
    `select relname from pg_class where relnamespace = 'weft'::regnamespace and relname = any($1) and obj_description(oid) is null`,
    [PLATFORM_TABLES],
  );
  expect(silent).toEqual([]);
});
