import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../stack/database.ts';
import type { TestDatabase } from '../stack/database.ts';
import { ask, columnsOf } from './catalog.ts';
import coreTables from './core-tables.json' with { type: 'json' };
import engineViews from './engine-views.json' with { type: 'json' };

let database: TestDatabase;
const query = <R extends { readonly [column: string]: unknown }>(text: string) => ask<R>(database.superuserUrl, text);

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

describe('the contract', () => {
  it.each(Object.entries(coreTables))('every column of %s', async (table, columns) => {
    const actual = await columnsOf(database.superuserUrl, 'weft');
    expect(actual[table]).toEqual(expect.arrayContaining(columns));
  });

  it.each(Object.entries(engineViews))('every column of engine.%s', async (view, columns) => {
    const actual = await columnsOf(database.superuserUrl, 'engine');
    expect(actual[view]).toEqual(columns);
  });

  it('the growing tables are partitioned by month, with one for the rest', async () => {
    const rows = await query<{ parent: string; key: string; months: number; rest: number }>(
      `select inhparent::regclass::text as parent, pg_get_partkeydef(inhparent) as key,
         count(*) filter (where pg_get_expr(c.relpartbound, c.oid) ~ '^FOR VALUES')::int as months,
         count(*) filter (where pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT')::int as rest
       from pg_inherits join pg_class c on c.oid = inhrelid and c.relkind = 'r' group by inhparent order by 1`,
    );
    expect(rows).toEqual([
      { parent: 'weft.audit_logs', key: 'RANGE (created_at)', months: 4, rest: 1 },
      { parent: 'weft.execution_history', key: 'RANGE (created_at)', months: 4, rest: 1 },
      { parent: 'weft.execution_logs', key: 'RANGE (created_at)', months: 4, rest: 1 },
      { parent: 'weft.task_attempts', key: 'RANGE (execution_created_at)', months: 4, rest: 1 },
    ]);
  });
});

describe('the archive', () => {
  it.each([
    ['executions', 'workflow_executions'],
    ['tasks', 'task_executions'],
    ['states', 'workflow_states'],
    ['approvals', 'approvals'],
    ['approval_candidates', 'approval_candidates'],
    ['approval_votes', 'approval_votes'],
  ] as const)("has the core's columns, in their order: %s", async (archived, core) => {
    const [archive, weft] = await Promise.all(
      ['weft_archive', 'weft'].map((schema) => columnsOf(database.superuserUrl, schema)),
    );
    expect(archive?.[archived]).toEqual(weft?.[core]);
  });

  it('is closed to other tenants as the core is', async () => {
    const tables = await query<{ closed: boolean }>(
      `select relrowsecurity and relforcerowsecurity as closed from pg_class where relkind = 'r' and relnamespace = 'weft_archive'::regnamespace`,
    );
    expect(tables).toEqual(Array(6).fill({ closed: true }));
  });
});

describe('row-level security', () => {
  const tables = `pg_class c where c.relnamespace = 'weft'::regnamespace and c.relkind in ('r', 'p')
    and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')`;

  it('is enabled and forced on every table with tenants, partitions included', async () => {
    const [count] = await query(`select count(*)::int as tables from ${tables}`);
    expect(count).toEqual({ tables: Object.keys(coreTables).length - 1 + 4 * 5 });
    const open = await query(`select relname from ${tables} and not (c.relrowsecurity and c.relforcerowsecurity)`);
    expect(open).toEqual([]);
  });

  it('and on the partitions that are made later', async () => {
    await query(`select weft.create_month_partitions('2031-01-15', 3)`);
    const [count] = await query(`select count(*)::int as tables from ${tables} and relname like '%\\_2031\\_0_'`);
    expect(count).toEqual({ tables: 12 });
    const open = await query(`select relname from ${tables} and not (c.relrowsecurity and c.relforcerowsecurity)`);
    expect(open).toEqual([]);
  });

  it('lets each role see its tenant, and the engine all', async () => {
    const policies = await query<{ policies: string }>(
      `select distinct string_agg(policyname || ' ' || cmd || ' ' || roles::text || ' ' || qual, '; ' order by policyname) as policies
       from pg_policies where schemaname in ('weft', 'weft_archive') and policyname not in ('lookup', 'retention') group by schemaname, tablename`,
    );
    expect(policies).toEqual([
      {
        policies:
          'every_tenant ALL {weft_engine} true; own_tenant ALL {weft_app,weft_readonly,weft_search,weft_views}' +
          ' (tenant_id = ( SELECT weft.current_tenant() AS current_tenant))',
      },
    ]);
  });

  it('a partition has neither a policy nor a grant of its own', async () => {
    const partitions = `pg_class c where c.relispartition and c.relnamespace = 'weft'::regnamespace and c.relkind = 'r'`;
    expect(await query(`select relname, relacl from ${partitions} and relacl is not null`)).toEqual([]);
    expect(
      await query(`select polname from pg_policy join ${partitions} and polrelid = c.oid`.replace(' where', ' on')),
    ).toEqual([]);
  });
});

describe('keys', () => {
  it('a tenant comes first in every key and index', async () => {
    const others = await query<{ index: string; unique: boolean }>(
      `select i.indexrelid::regclass::text as index, i.indisunique as unique
       from pg_index i join pg_class c on c.oid = i.indrelid
       join pg_class x on x.oid = i.indexrelid join pg_am m on m.oid = x.relam
       left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
       where c.relnamespace in ('weft'::regnamespace, 'weft_archive'::regnamespace) and a.attname is distinct from 'tenant_id'
         -- These hold words, keys and directions; a tenant would take the extension btree_gin.
         and m.amname not in ('gin', 'ivfflat') order by 1`,
    );
    expect(others).toEqual([
      // Whose tenant it is, only the key or the link tells.
      { index: 'weft.api_keys_hash', unique: false },
      { index: 'weft.approval_links_token', unique: false },
      // Belong to the installation.
      { index: 'weft.leases_pkey', unique: true },
      // Whoever notices a Temporal of before looks over all tenants.
      { index: 'weft.mirror_cursors_closed', unique: false },
      { index: 'weft.sql_logins_pkey', unique: true },
      // So does whoever asks how far the mirror is behind.
      { index: 'weft.workflow_executions_told', unique: false },
      // And whoever walks over all that is open.
      { index: 'weft.workflow_executions_walk', unique: false },
    ]);
  });

  it('and in every foreign key', async () => {
    const others = await query(
      `select conname from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
       where contype = 'f' and connamespace in ('weft'::regnamespace, 'weft_archive'::regnamespace) and a.attname <> 'tenant_id'`,
    );
    expect(others).toEqual([]);
  });
});
