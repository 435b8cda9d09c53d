import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connected } from './catalog.ts';
import { createSqlSurface } from './sql-surface.ts';

let surface: Awaited<ReturnType<typeof create>>;

/** Two tenants that have the same; what the other one calls `canary` must never show. */
async function create() {
  const made = await createSqlSurface({
    ann: { userId: 'ann', tenant: 'default' },
    boss: { userId: 'boss', tenant: 'default' },
    stranger: { userId: 'ann', tenant: 'other' },
  });
  for (const tenant of ['default', 'other'])
    for (const [id, role] of [
      ['ann', 'developer'],
      ['boss', 'admin'],
    ])
      await made.asOwner(
        `insert into weft.users (tenant_id, id, email, username, name, roles) values ($1, $2, $2 || '@a.test', $2, $2, array[$3])`,
        [tenant, id, role],
      );
  await made.createLogins();
  await made.as(
    'stranger',
    `insert into engine.workflow_definitions (workflow_id, name, definition_json) values ('canary', 'canary', '{}')`,
  );
  await made.as(
    'stranger',
    `insert into engine.workflow_executions (execution_id, workflow_id) values ('canary', 'canary')`,
  );
  await made.asOwner('select weft.refresh_workflow_execution_stats()');
  await made.as(
    'ann',
    `insert into engine.workflow_definitions (workflow_id, name, definition_json) values ('own', 'own', '{}')`,
  );
  return made;
}

/** In one session, one after the other. */
async function inSession(url: string, statements: readonly string[]) {
  return connected(url, async (client) => {
    const notices: string[] = [];
    client.on('notice', ({ message }) => notices.push(message ?? ''));
    let rows: any[] = [];
    for (const statement of statements) rows = (await client.query(statement)).rows;
    return { rows, notices };
  });
}

beforeAll(async () => {
  surface = await create();
});
afterAll(async () => {
  await surface.drop();
});

describe('functions', () => {
  it('of triggers are nobody’s to call: on a table of one’s own they would believe what that says', async () => {
    const open = await surface.asOwner(
      `select p.oid::regprocedure::text as name from pg_proc p
       where p.prorettype = 'trigger'::regtype and p.pronamespace::regnamespace::text !~ '^(pg_|information_schema)'
         and (exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) where grantee = 0)
           or has_function_privilege($1, p.oid, 'execute'))`,
      [new URL(surface.urlOf('ann')).username],
    );
    expect(open).toEqual([]);
    await expect(
      inSession(surface.urlOf('ann'), [
        `create temp table t as select id, email, password_hash, name, '{admin}'::text[] as roles, permissions, is_active,
           email_verified, last_login_at, created_at, updated_at, deleted_at from agent_db.users where id = 'ann'`,
        'create trigger x before update on t for each row execute function agent_db.write_user()',
      ]),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it('that run with more rights and that anybody may call are these', async () => {
    const open = await surface.asOwner(
      `select p.oid::regprocedure::text as name from pg_proc p
       where prosecdef and exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) where grantee = 0) order by 1`,
    );
    expect(open.map(({ name }: { name: string }) => name)).toEqual([
      'ipa.own_workflows()',
      'ipa.shows_execution(text)',
      'weft.login_tenant()',
      'weft.login_user_id()',
    ]);
  });

  it.each([
    'call stratix.cleanupexecutionhistory(1)',
    'call stratix.archivecompletedworkflows(0)',
    'call ipa.refresh_workflow_execution_stats()',
  ])('that remove or work hard are not for who may only read: %s', async (statement) => {
    await surface.asOwner(`revoke weft_sql from ${new URL(surface.urlOf('boss')).username}`);
    try {
      expect(await surface.refused('boss', statement)).toMatchObject({ code: '42501' });
    } finally {
      await surface.asOwner(`grant weft_sql to ${new URL(surface.urlOf('boss')).username}`);
    }
    expect(await surface.refused('ann', statement)).toMatchObject({ code: '42501' });
    await surface.as('boss', statement);
  });
});

it('a predicate of the reader’s own is asked about the rows of the tenant alone, in every view', async () => {
  const views = await surface.asOwner(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = relnamespace
     where relkind = 'v' and pg_get_userbyid(n.nspowner) = 'weft_views' and nspname <> 'weft_sql' order by 1`,
  );
  expect(views.length).toBeGreaterThan(45);
  const { notices } = await inSession(surface.urlOf('ann'), [
    'set enable_indexscan = off',
    'set enable_bitmapscan = off',
    `create function pg_temp.peek(anyelement) returns boolean language plpgsql cost 0.0000001
     as $$ begin raise notice '%', $1; return true; end $$`,
    ...views.flatMap(
      ({ name }: { name: string }) => `select count(*) from ${name} v where pg_temp.peek(to_jsonb(v)::text)`,
    ),
    ...['workflow_id', 'total_executions'].map(
      (column) => `select count(*) from ipa.workflow_execution_stats where pg_temp.peek(${column})`,
    ),
  ]);
  const foreign = await surface.asOwner(`select id from weft.workflows where tenant_id = 'other'`);
  expect(notices.join()).toContain('own');
  for (const canary of ['canary', ...foreign.map(({ id }: { id: string }) => id)])
    expect(notices.filter((notice) => notice.includes(canary))).toEqual([]);
});

describe('a login of its own may not', () => {
  it.each([
    ['write as somebody else', `insert into persona_db.personas (user_id, name, template) values ('boss', 'x', 'x')`],
    [
      'write as somebody else',
      `insert into knowledge_db.documents (user_id, title, content, content_type) values ('boss', 'x', 'x', 'text/plain')`,
    ],
    [
      'write as somebody else',
      `insert into sql_db.sql_queries (user_id, database_id, natural_language, generated_sql, is_safe) values ('boss', 'x', 'x', 'x', true)`,
    ],
    [
      'write as somebody else',
      `insert into workflow_db.workflow_snapshots (workflow_id, snapshot_data, created_by)
       select id, '{}', 'boss' from workflow_db.workflows limit 1`,
    ],
    [
      'start as somebody else',
      `insert into engine.workflow_executions (workflow_id, created_by) values ('own', 'boss')`,
    ],
    ['become an admin', `update agent_db.users set roles = '{admin}' where id = 'ann'`],
    ['become an admin', `update ipa.users set is_superuser = true where id = 'ann'`],
    ['order past the views', `insert into weft.commands (execution_id, action) values ('x', 'cancel')`],
    ['audit', `insert into weft.audit_logs (action, resource_type) values ('create', 'x')`],
    ['call what the triggers call', `select weft_sql.remove_workflow('own')`],
    ['read statistics of all', 'select * from weft.workflow_execution_stats'],
    ['read partitions', 'select * from weft.execution_logs_default'],
    ['count with others’ numbers', 'select last_value from weft.workflows_seq_seq'],
    ['become another', 'set session authorization postgres'],
    ['turn row-level security off', 'set row_security = off; select * from weft.workflows'],
  ])('%s: %s', async (_what, statement) => {
    expect(await surface.refused('ann', statement)).toMatchObject({ code: '42501' });
  });

  it('not even an admin stops the engine’s own user', async () => {
    for (const schema of ['agent_db', 'ipa'])
      expect(
        await surface.refused('boss', `update ${schema}.users set is_active = false where id = 'system'`),
      ).toMatchObject({ code: '0A000' });
  });

  it('give a version an id that no address can name', async () => {
    for (const id of ["''", `repeat('x', 201)`])
      expect(
        await surface.refused(
          'ann',
          `insert into engine.workflow_definitions (workflow_id, name, definition_json) values (${id}, 'x', '{}')`,
        ),
      ).toMatchObject({ code: '23514' });
  });
});

it('ids of another tenant are as free as any, and as unknown', async () => {
  expect(
    await surface.refused('ann', `insert into engine.workflow_executions (workflow_id) values ('canary')`),
  ).toMatchObject({ code: '23503', message: `there is no version 'canary'` });
  const mine = `insert into engine.workflow_definitions (workflow_id, name, definition_json) values ('canary', 'canary', '{}')`;
  await surface.as('ann', mine);
  expect(await surface.as('ann', `delete from engine.workflow_definitions where workflow_id = 'canary'`)).toEqual([]);
  expect(await surface.as('stranger', 'select execution_id from engine.workflow_executions')).toEqual([
    { execution_id: 'canary' },
  ]);
});

it('a log of a month that isn’t there yet, which would keep it from being made for everybody, is refused', async () => {
  await surface.as('ann', `insert into persona_db.personas (id, name, template) values ('p', 'p', 'p')`);
  await surface.as('ann', `insert into agent_db.agents (id, persona_id, name) values ('a', 'p', 'a')`);
  await surface.as('ann', `insert into agent_db.executions (id, agent_id, input) values ('e', 'a', '{}')`);
  for (const at of [`now() + interval '1 year'`, `'infinity'`])
    expect(
      await surface.refused(
        'ann',
        `insert into agent_db.execution_logs (execution_id, level, message, created_at) values ('e', 'info', 'x', ${at})`,
      ),
    ).toMatchObject({ code: '23514' });
});

it('starts don’t wait for who saves a version in a transaction that stays open', async () => {
  const saving = new Client({ connectionString: surface.urlOf('ann') });
  await saving.connect();
  try {
    await saving.query('begin');
    await saving.query(
      `insert into engine.workflow_definitions (name, definition_json) values ('own', '{"tasks": []}')`,
    );
    const { rows } = await inSession(surface.urlOf('boss'), [
      `set statement_timeout = '2s'`,
      `insert into engine.workflow_executions (workflow_id) values ('own') returning status`,
    ]);
    expect(rows).toEqual([{ status: 'pending' }]);
  } finally {
    await saving.query('rollback');
    await saving.end();
  }
});
