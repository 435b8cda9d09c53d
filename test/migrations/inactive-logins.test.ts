import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSqlSurface } from './sql-surface.ts';

let surface: Awaited<ReturnType<typeof create>>;

async function create() {
  const made = await createSqlSurface({
    ann: { userId: 'ann', tenant: 'default' },
    bob: { userId: 'bob', tenant: 'default' },
  });
  await made.asOwner(
    `insert into weft.users (tenant_id, id, email, username, name, roles)
     select 'default', name, name || '@w.test', name, name, '{admin}' from unnest('{ann,bob}'::text[]) name`,
  );
  await made.createLogins();
  return made;
}

beforeAll(async () => {
  surface = await create();
  await surface.as(
    'bob',
    `insert into engine.workflow_definitions (name, definition_json) values ('w', '{"tasks": []}')`,
  );
  await surface.as(
    'bob',
    `insert into engine.workflow_executions (workflow_id) select workflow_id from engine.workflow_definitions`,
  );
});
afterAll(async () => {
  await surface.drop();
});

const READABLE = `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema')
    and has_schema_privilege(n.oid, 'usage') and has_any_column_privilege(c.oid, 'select')`;

const WRITES = [
  `insert into engine.workflow_executions (workflow_id) values ('x')`,
  `insert into engine.workflow_definitions (name, definition_json) values ('x', '{"tasks": []}')`,
  `insert into ipa.workflows (name) values ('x')`,
  `insert into weft.approval_votes (approval_id, voter_id, decision) values ('x', 'ann', 'approve')`,
  'call stratix.CleanupExecutionHistory(90)',
  'call stratix.ArchiveCompletedWorkflows(30)',
];

it.each([
  ['deactivated', 'is_active = false', 'is_active = true'],
  ['deleted', 'deleted_at = now()', 'deleted_at = null'],
])('the login of a user who was %s sees and does nothing, in a session that is open too', async (_, out, back) => {
  const session = new Client({ connectionString: surface.urlOf('ann') });
  await session.connect();
  const count = async (name: string) => (await session.query(`select count(*)::int as n from ${name}`)).rows[0]?.n;
  try {
    expect(await count('engine.workflow_executions')).toBe(1);
    await surface.asOwner(`update weft.users set ${out} where id = 'ann'`);
    const readable = (await session.query<{ name: string }>(READABLE)).rows.map(({ name }) => name);
    expect(readable.length).toBeGreaterThan(80);
    const shown: string[] = [];
    for (const name of readable) {
      const columns = await session.query<{ name: string }>(
        `select quote_ident(attname) as name from pg_attribute where attrelid = $1::regclass and attnum > 0
           and not attisdropped and has_column_privilege(attrelid, attnum, 'select') limit 1`,
        [name],
      );
      const { rowCount } = await session.query(`select ${columns.rows[0]?.name} from ${name} limit 1`);
      if (rowCount !== 0) shown.push(name);
    }
    expect(shown).toEqual([]);
    for (const write of WRITES) {
      const error = await session.query(write).then(
        () => expect.fail(`taken: ${write}`),
        (reason: unknown) => reason as { readonly code: string; readonly hint?: string },
      );
      expect(error, write).toMatchObject({ code: '42501' });
    }
    await expect(session.query(String(WRITES[0]))).rejects.toMatchObject({ hint: expect.stringContaining('active') });
    // Others go on.
    expect(await surface.as('bob', 'select from engine.workflow_executions')).toHaveLength(1);
    await surface.asOwner(`update weft.users set ${back} where id = 'ann'`);
    expect(await count('engine.workflow_executions')).toBe(1);
  } finally {
    await session.end();
  }
});
