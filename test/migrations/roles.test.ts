import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../stack/database.ts';
import type { TestDatabase } from '../stack/database.ts';
import { ask } from './catalog.ts';

let database: TestDatabase;
const query = <R extends { readonly [column: string]: unknown }>(text: string) => ask<R>(database.superuserUrl, text);

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

it('no role logs in, rules, or reads past row-level security, but the one for backups', async () => {
  const roles = await query<{ rolname: string }>(
    `select rolname, rolcanlogin as login, rolsuper or rolcreaterole or rolcreatedb or rolreplication as rules, rolbypassrls as bypass
     from pg_roles where rolname in ('weft_owner', 'weft_migrator', 'weft_app', 'weft_engine', 'weft_readonly', 'weft_backup', 'weft_views', 'weft_search')
     order by 1`,
  );
  expect(roles).toHaveLength(8);
  for (const role of roles)
    expect(role).toEqual({ rolname: role.rolname, login: false, rules: false, bypass: role.rolname === 'weft_backup' });
});

it('only the migrator is a member of another of them', async () => {
  const members = await query(
    `select m.rolname as member, r.rolname as role from pg_auth_members
     join pg_roles m on m.oid = member join pg_roles r on r.oid = roleid
     where r.rolname ~ '^weft_' and m.rolname ~ '^weft_(owner|migrator|app|engine|readonly|backup|views|search)$' order by 2`,
  );
  expect(members).toEqual(
    ['weft_engine', 'weft_owner', 'weft_search', 'weft_views'].map((role) => ({ member: 'weft_migrator', role })),
  );
});

it('the service login takes rights on, it has none', async () => {
  const [login] = await query(
    `select rolinherit as inherits, rolsuper or rolcreaterole or rolbypassrls as rules,
       has_table_privilege('weft_test_service', 'weft.workflow_executions', 'select') as reads
     from pg_roles where rolname = 'weft_test_service'`,
  );
  expect(login).toEqual({ inherits: false, rules: false, reads: false });
});

it('views belong to weft_views, which owns no table; tables to weft_owner', async () => {
  const owners = await query(
    `select n.nspname as schema, case c.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end as kind, pg_get_userbyid(relowner) as owner,
       bool_or('security_invoker=true' = any(coalesce(reloptions, '{}'))) as as_invoker
     from pg_class c join pg_namespace n on n.oid = relnamespace
     where c.relkind in ('r', 'p', 'v', 'm') and n.nspname in ('weft', 'weft_archive', 'engine') group by 1, 2, 3 order by 1, 2`,
  );
  expect(owners).toEqual([
    { schema: 'engine', kind: 'view', owner: 'weft_views', as_invoker: false },
    // Who refreshes it must see every tenant.
    { schema: 'weft', kind: 'materialized view', owner: 'weft_engine', as_invoker: false },
    { schema: 'weft', kind: 'table', owner: 'weft_owner', as_invoker: false },
    { schema: 'weft_archive', kind: 'table', owner: 'weft_owner', as_invoker: false },
  ]);
});

it('functions look for names in one place, and the public may call six', async () => {
  const functions = `pg_proc p where pronamespace = 'weft'::regnamespace`;
  const loose = await query(
    `select proname from ${functions} and (prosecdef or prolang = (select oid from pg_language where lanname = 'plpgsql'))
     and not coalesce(proconfig::text like '%search_path=pg_catalog, pg_temp%', false)`,
  );
  expect(loose).toEqual([]);
  const open = await query(
    `select proname from ${functions} and exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) where grantee = 0) order by 1`,
  );
  const names = ['current_tenant', 'current_user_id', 'login_tenant', 'login_user_id', 'new_id', 'task_row_id'];
  expect(open).toEqual(names.map((proname) => ({ proname })));
});

it("a session's tenant and user are a part of the plan, not a call", async () => {
  const plan = await query('explain (verbose, costs off) select weft.current_tenant(), weft.current_user_id()');
  expect(JSON.stringify(plan)).toMatch(/Output: CASE WHEN pg_has_role.*CASE WHEN pg_has_role/);
  expect(JSON.stringify(plan)).not.toContain('current_tenant()');
});

it('nothing of schema public is for the public', async () => {
  const grants = await query(
    `select privilege_type from pg_namespace, aclexplode(nspacl) where nspname = 'public' and grantee = 0`,
  );
  expect(grants).toEqual([]);
});

/** `-u` writes the file anew: read the difference. */
it('everybody has the rights that privileges.txt lists, and no other', async () => {
  const rows = await query<{ line: string }>(
    `with grants as (
       select c.relnamespace, c.relname, '' as columns, g.grantee, g.privilege_type
       from pg_class c, aclexplode(c.relacl) g
       where c.relnamespace in ('weft'::regnamespace, 'weft_archive'::regnamespace, 'engine'::regnamespace) and g.grantee <> c.relowner
       union all
       select c.relnamespace, c.relname, '(' || string_agg(a.attname, ', ' order by a.attnum) || ')', g.grantee, g.privilege_type
       from pg_class c join pg_attribute a on a.attrelid = c.oid, aclexplode(a.attacl) g
       where c.relnamespace in ('weft'::regnamespace, 'weft_archive'::regnamespace, 'engine'::regnamespace) group by 1, 2, 4, 5
     )
     select relnamespace::regnamespace || '.' || relname || ' ' || case grantee when 0 then 'PUBLIC' else pg_get_userbyid(grantee) end
       || ': ' || string_agg(lower(privilege_type) || columns, ', ' order by privilege_type) as line
     from grants group by relnamespace, relname, grantee`,
  );
  // In JavaScript's order: PostgreSQL's depends on the collation.
  const lines = rows.map(({ line }) => line).sort();
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('privileges.txt');
});
