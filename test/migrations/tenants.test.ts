import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalLogin } from '../../src/migrate.ts';
import { createDatabase } from '../../src/store/database.ts';
import type { Database, Session } from '../../src/store/database.ts';
import { createUser } from '../../src/store/users.ts';
import { createTestDatabase } from '../stack/database.ts';
import type { TestDatabase } from '../stack/database.ts';
import { addressOf, ask, connected } from './catalog.ts';
import coreTables from './core-tables.json' with { type: 'json' };

let test: TestDatabase;
/** One connection, so that each transaction gets what the one before left. */
let database: Database;
/** Logs in for tenant `default` only. */
let localUrl: string;

const LOGIN = { name: 'weft_test_local', password: 'local' };
const as = (tenant: string) => ({ tenant, userId: 'system' });
const addWorkflow = (session: Session, id: string) =>
  session.insertInto('workflows').values({ id, name: id, title: id, owner_id: 'system' }).execute();
const tenantsSeen = async (session: Session) =>
  (await session.selectFrom('workflows').select('tenant_id').distinct().execute()).map((row) => row.tenant_id);

beforeAll(async () => {
  test = await createTestDatabase();
  database = createDatabase({ url: test.url, name: 'tenants-test', maxConnections: 1 });
  for (const tenant of ['default', 'other']) {
    await database.asApp(as(tenant), async (session) => {
      await createUser(session, {
        id: 'someone',
        username: 'someone',
        name: 'Some One',
        email: 'some@one.test',
        roles: [],
      });
      await addWorkflow(session, `of-${tenant}`);
    });
  }
  await createLocalLogin({ url: test.superuserUrl, ...LOGIN });
  localUrl = addressOf(test.superuserUrl, LOGIN.name, LOGIN.password);
});
afterAll(async () => {
  await database.close();
  await ask(test.superuserUrl, `drop owned by ${LOGIN.name}`);
  await test.drop();
  await ask(test.superuserUrl.replace(/[^/]*$/, 'postgres'), `drop role ${LOGIN.name}`);
});

describe('a member of weft_app', () => {
  it('sees the tenant it says, on one connection with others before it, also after failures', async () => {
    for (let round = 0; round < 100; round++) {
      const [tenant, stranger] = round % 2 ? ['default', 'other'] : ['other', 'default'];
      expect(await database.asApp(as(tenant), tenantsSeen)).toEqual([tenant]);
      await expect(database.asApp(as(tenant), (session) => sql`select 1 / 0`.execute(session))).rejects.toThrow(/zero/);
      await expect(
        database.asApp(as(stranger), () => Promise.reject(new Error('stopped in the middle'))),
      ).rejects.toThrow('stopped');
    }
  });

  it.each(['', 'nobody', "' or true --"])('sees nothing as tenant %j', async (tenant) => {
    expect(await database.asApp(as(tenant), tenantsSeen)).toEqual([]);
  });

  it('sees nothing when it says none, nor what the transaction before said', async () => {
    await connected(test.url, async (client) => {
      const count = async () => (await client.query('select from weft.workflows')).rowCount;
      await client.query(`begin; set local role weft_app`);
      expect(await count()).toBe(0);
      await client.query(`set local app.tenant = 'other'`);
      expect(await count()).toBe(1);
      await client.query('commit; begin; set local role weft_app');
      expect(await count()).toBe(0);
    });
  });

  it('has no right outside of its roles', async () => {
    await connected(test.url, async (client) => {
      await client.query(`set app.tenant = 'default'`);
      await expect(client.query('select from weft.workflows')).rejects.toMatchObject({ code: '42501' });
    });
  });

  it('can neither write into another tenant nor move a row there', async () => {
    const intruder = { tenant_id: 'other', id: 'x', name: 'x', title: 'x', owner_id: 'system' };
    await expect(
      database.asApp(as('default'), (session) => session.insertInto('workflows').values(intruder).execute()),
    ).rejects.toMatchObject({ code: '42501' });
    await expect(
      database.asApp(as('default'), (session) =>
        session.updateTable('workflows').set({ tenant_id: 'other' }).execute(),
      ),
    ).rejects.toMatchObject({ code: '42501' });
    const changed = await database.asApp(as('default'), (session) =>
      session.updateTable('workflows').set({ title: 'mine' }).where('id', '=', 'of-other').executeTakeFirst(),
    );
    expect(Number(changed.numUpdatedRows)).toBe(0);
  });

  it('learns nothing from keys: an id of another tenant is as free as any', async () => {
    await database.asApp(as('default'), (session) => addWorkflow(session, 'of-other'));
    const reference = (id: string) =>
      database.asApp(as('default'), (session) =>
        session.insertInto('commands').values({ execution_id: id, action: 'cancel' }).execute(),
      );
    await database.asEngine((session) =>
      session
        .insertInto('workflow_executions')
        .values({ tenant_id: 'other', id: 'secret', status: 'running' })
        .execute(),
    );
    const [foreign, fresh] = await Promise.allSettled([reference('secret'), reference('no-such')]);
    expect(foreign).toMatchObject({
      status: 'rejected',
      reason: { code: '23503', constraint: 'commands_tenant_id_execution_id_fkey' },
    });
    expect(fresh).toMatchObject({
      status: 'rejected',
      reason: { code: '23503', constraint: 'commands_tenant_id_execution_id_fkey' },
    });
  });

  it('reaches partitions through their parent only', async () => {
    const partitions = await ask<{ name: string }>(
      test.superuserUrl,
      'select oid::regclass::text as name from pg_class where relispartition and relkind = $1',
      ['r'],
    );
    expect(partitions.length).toBeGreaterThan(15);
    for (const { name } of partitions) {
      for (const use of [database.asApp.bind(null, as('default')), database.asEngine]) {
        const read = use((session) => sql`select from ${sql.raw(name)}`.execute(session));
        await expect(read).rejects.toMatchObject({ code: '42501' });
      }
    }
  });
});

describe('the engine', () => {
  it('sees every tenant, and says which it writes to', async () => {
    expect((await database.asEngine(tenantsSeen)).sort()).toEqual(['default', 'other']);
    await expect(database.asEngine((session) => addWorkflow(session, 'of-none'))).rejects.toMatchObject({
      code: '23502',
    });
  });

  it('finds the user system in every tenant', async () => {
    const rows = await database.asEngine((session) =>
      session.selectFrom('users').select('tenant_id').where('id', '=', 'system').orderBy('tenant_id').execute(),
    );
    expect(rows.map((row) => row.tenant_id)).toEqual(['default', 'other']);
  });
});

describe('a login of its own', () => {
  it.each([
    [[]],
    [["set app.tenant = 'other'", "set app.current_user_id = 'someone'", 'set app.is_superuser = true']],
    [['begin', "set local app.tenant = 'other'"]],
    [['set role weft_readonly', "set app.tenant = 'other'"]],
  ])('sees its tenant whatever it sets: %j', async (statements) => {
    await connected(localUrl, async (client) => {
      for (const statement of statements) await client.query(statement);
      const { rows } = await client.query('select tenant_id, id from weft.workflows order by id');
      expect(rows).toEqual([
        { tenant_id: 'default', id: 'of-default' },
        { tenant_id: 'default', id: 'of-other' },
      ]);
      const session = await client.query('select weft.current_tenant() as tenant, weft.current_user_id() as user');
      expect(session.rows).toEqual([{ tenant: 'default', user: 'system' }]);
      expect((await client.query('select role from weft.sql_logins')).rows).toEqual([{ role: LOGIN.name }]);
    });
  });

  it.each(['weft_app', 'weft_engine', 'weft_owner', 'weft_backup', 'weft_views'])(
    'does not become %s',
    async (role) => {
      await expect(ask(localUrl, `set role ${role}`)).rejects.toMatchObject({ code: '42501' });
    },
  );

  it('reads all tables of its tenant but for secrets, and writes none', async () => {
    const tables = await ask<{ name: string }>(
      test.superuserUrl,
      `select oid::regclass::text as name from pg_class where relnamespace = 'weft'::regnamespace and relkind in ('r', 'p') and not relispartition`,
    );
    expect(tables).toHaveLength(Object.keys(coreTables).length);
    for (const { name } of tables) {
      expect(await ask(localUrl, `select count(*) from ${name}`)).toHaveLength(1);
      await expect(ask(localUrl, `delete from ${name}`)).rejects.toMatchObject({ code: '42501' });
    }
    for (const secret of [
      'password_hash from weft.users',
      'hash from weft.api_keys',
      'token_hash from weft.approval_links',
      'response from weft.idempotency_keys',
      'connection_string from weft.databases',
    ])
      await expect(ask(localUrl, `select ${secret}`)).rejects.toMatchObject({ code: '42501' });
  });

  it('without a tenant sees nothing', async () => {
    await ask(test.superuserUrl, `update weft.sql_logins set role = 'gone' where role = $1`, [LOGIN.name]);
    try {
      expect(await ask(localUrl, 'select id from weft.workflows')).toEqual([]);
    } finally {
      await ask(test.superuserUrl, `update weft.sql_logins set role = $1`, [LOGIN.name]);
    }
  });
});

it('a backup sees everything, partitions included', async () => {
  await connected(test.superuserUrl, async (client) => {
    await client.query('set role weft_backup');
    expect((await client.query('select distinct tenant_id from weft.workflows')).rowCount).toBe(2);
    await client.query('select from weft.audit_logs_default');
    await client.query('select last_value from weft.workflows_seq_seq');
    await expect(client.query('delete from weft.workflows')).rejects.toMatchObject({ code: '42501' });
  });
});
