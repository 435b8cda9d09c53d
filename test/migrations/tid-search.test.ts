import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, connected } from './catalog.ts';
import type { Tid } from './tid-logins.ts';
import { startTid } from './tid-logins.ts';

let tid: Tid;
const core = (text: string) => ask(tid.superuserUrl, text);

/** By service: what is searched, what is found in its own tenant, and the index it goes by. */
const SEARCHES = [
  [
    'agent',
    `agent_db.search_agents('invoice')`,
    ['described', 'mine'],
    ['agents_name_text', 'agents_description_text'],
  ],
  ['agent', `agent_db.executions_with_input('{"question": "invoice"}')`, ['mine'], ['agent_executions_input']],
  [
    'persona',
    `persona_db.search_personas('invoice')`,
    ['described', 'mine'],
    ['personas_name_text', 'personas_description_text'],
  ],
  [
    'knowledge',
    `knowledge_db.search_documents('"invoice of may"')`,
    ['described', 'mine'],
    ['documents_title_text', 'documents_content_text'],
  ],
  ['sql', `sql_db.search_tables('invoice')`, ['described', 'mine'], ['tables_description_text']],
  ['sql', `sql_db.search_queries('invoice -paid')`, ['described', 'mine'], ['sql_queries_natural_language_text']],
  [
    'workflow',
    `workflow_db.search_workflows('invoice')`,
    ['described', 'mine'],
    ['workflows_title_text', 'workflows_description_text'],
  ],
  ['workflow', `workflow_db.workflows_with_tag('invoice')`, ['mine'], ['workflows_tags']],
] as const;

beforeAll(async () => {
  tid = await startTid('tid_search');
  // In each tenant one whose name has the words, one whose description has them, a deleted one, and many others.
  for (const tenant of ['default', 'other']) {
    const rows = `from (values ('mine', 'Invoices of May', 'x'), ('described', 'x', 'All invoices of May'), ('gone', 'Invoices of May', 'x')) v (id, name, text)
      union all select n::text, 'thing ' || n, 'nothing of note ' || n from generate_series(1, 3000) n`;
    const values = `('${tenant}', 'of-all')`;
    await core(
      `insert into weft.databases (tenant_id, id, name, connection_string, database_type) values ('${tenant}', 'of-all', 'D', 'enc:x', 'mysql')`,
    );
    await core(
      `insert into weft.schemas (tenant_id, id, database_id, schema_name) select t, id, id, 's' from (values ${values}) v (t, id)`,
    );
    await core(`with v as (select id, name, text ${rows}),
      p as (insert into weft.personas (tenant_id, id, name, description, template) select '${tenant}', id, name, text, '' from v),
      a as (insert into weft.agents (tenant_id, id, name, description) select '${tenant}', id, name, text from v),
      w as (insert into weft.workflows (tenant_id, id, name, title, description, tags, owner_id)
        select '${tenant}', id, id, name, text, case when id in ('mine', 'gone') then array['invoice'] else '{}' end, 'system' from v),
      t as (insert into weft.tables (tenant_id, id, schema_id, table_name, description) select '${tenant}', id, 'of-all', id, name || text from v where id <> 'gone'),
      q as (insert into weft.sql_queries (tenant_id, id, database_id, natural_language, generated_sql, is_safe)
        select '${tenant}', id, 'of-all', name || ' ' || text, '', true from v where id <> 'gone')
      insert into weft.documents (tenant_id, id, title, content, content_type) select '${tenant}', id, name, text, 'text/plain' from v`);
    await core(`insert into weft.agent_executions (tenant_id, id, agent_id, input)
      select '${tenant}', id, id, jsonb_build_object('question', case id when 'mine' then 'invoice' else 'about ' || id end, 'n', 1)
      from weft.agents where tenant_id = '${tenant}'`);
    for (const table of ['personas', 'agents', 'workflows', 'documents'])
      await core(`update weft.${table} set deleted_at = now() where id = 'gone'`);
  }
  await core('vacuum analyze');
});
afterAll(() => tid.stop());

describe.each(SEARCHES)('%s: %s', (service, search, found, indexes) => {
  it("finds the tenant's own", async () => {
    const ids = async (login: string) =>
      (await tid.as(login, `select id from ${search}`)).rows.map(({ id }) => id as string).sort();
    expect(await ids(service)).toEqual(found);
    // As many of the other's, who sees its own.
    expect(await ids('other')).toEqual(found);
    expect(await ids('nobody')).toEqual([]);
  });

  it('gives rows of the view', async () => {
    const view = (
      await core(
        `select prorettype::regtype::text as view from pg_proc where proname = '${/\.(\w+)/.exec(search)?.[1] ?? ''}'`,
      )
    )[0]?.['view'];
    const { rows } = await tid.as(
      service,
      `select s is not distinct from v as same from ${search} s join ${String(view)} v using (id)`,
    );
    expect(rows).toEqual(found.map(() => ({ same: true })));
  });

  it('goes by its indexes', async () => {
    const plan = await connected(tid.superuserUrl, async (client) => {
      const lines: string[] = [];
      client.on('notice', ({ message }) => lines.push(message ?? ''));
      // What happens inside a function, only this tells.
      await client.query(`load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on;
        set client_min_messages = log; set app.tenant = 'default'`);
      await client.query(`select from ${search}`);
      return lines.join('\n');
    });
    for (const index of indexes) expect(plan).toContain(`Bitmap Index Scan on ${index}`);
    expect(plan).not.toMatch(/Seq Scan on \w+ t\b/);
  });

  it('is for its service, not for others', async () => {
    const stranger = service === 'agent' ? 'sql' : 'agent';
    expect(await tid.refused(stranger, `select from ${search}`)).toMatchObject({ code: '42501' });
  });
});

it('chunks are found by direction, of documents that are there', async () => {
  const vector = (...head: number[]) =>
    `array_cat('{${head.join(',')}}'::real[], array_fill(0::real, array[${1536 - head.length}]))`;
  for (const tenant of ['default', 'other'])
    await core(`insert into weft.document_chunks (tenant_id, id, document_id, chunk_index, content, content_length, embedding) values
      ('${tenant}', '${tenant}-east', 'mine', 0, 'x', 1, ${vector(1)}), ('${tenant}', '${tenant}-north', 'mine', 1, 'x', 1, ${vector(0, 1)}),
      ('${tenant}', '${tenant}-between', 'mine', 2, 'x', 1, ${vector(1, 1)}), ('${tenant}', '${tenant}-gone', 'gone', 0, 'x', 1, ${vector(1)}),
      ('${tenant}', '${tenant}-none', 'mine', 3, 'x', 1, null)`);
  const near = async (login: string, k: string) =>
    (await tid.as(login, `select id from knowledge_db.search_chunks(${vector(2, 0.1)}${k})`)).rows.map(
      ({ id }) => id as string,
    );
  expect(await near('knowledge', '')).toEqual(['default-east', 'default-between', 'default-north']);
  expect(await near('knowledge', ', 2')).toEqual(['default-east', 'default-between']);
  expect(await near('other', ', 1')).toEqual(['other-east']);
  expect(await near('nobody', '')).toEqual([]);
});

it('the functions are owned by who reads every tenant in the tables searched, and owns nothing else', async () => {
  const owned = await core(
    `select distinct nspname as schema from pg_proc join pg_namespace n on n.oid = pronamespace where proowner = 'weft_search'::regrole order by 1`,
  );
  expect(owned.map(({ schema }) => schema)).toEqual([
    'agent_db',
    'knowledge_db',
    'persona_db',
    'sql_db',
    'workflow_db',
  ]);
  expect(
    await core(
      `select prosecdef, proconfig from pg_proc where proowner = 'weft_search'::regrole and not (prosecdef and 'search_path=pg_catalog, pg_temp' = any(proconfig))`,
    ),
  ).toEqual([]);
  expect(await core(`select from pg_namespace where has_schema_privilege('weft_search', oid, 'create')`)).toEqual([]);
});
