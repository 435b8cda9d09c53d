import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../src/store/database.ts';
import type { Database, Session } from '../../src/store/database.ts';
import { createTestDatabase } from '../stack/database.ts';
import type { TestDatabase } from '../stack/database.ts';
import { ask, connected } from './catalog.ts';

let test: TestDatabase;
let database: Database;

const app = <T>(work: (session: Session) => Promise<T>) =>
  database.asApp({ tenant: 'default', userId: 'system' }, work);
const engine = <T>(work: (session: Session) => Promise<T>) => database.asEngine(work);
const run = (text: string) => app((session) => sql.raw(text).execute(session));

beforeAll(async () => {
  test = await createTestDatabase();
  database = createDatabase({ url: test.url, name: 'growing-tables-test' });
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

describe('the audit log and the history only grow', () => {
  beforeAll(async () => {
    await run(
      `insert into audit_logs (user_id, action, resource_type, resource_id) values ('system', 'create', 'workflow', 'w')`,
    );
    await run(
      `insert into execution_history (execution_id, event_key, event_type, created_at) values ('kept', 'k', 'workflow_started', now())`,
    );
  });

  it.each(['audit_logs', 'execution_history'])('%s: nobody has the right', async (table) => {
    for (const use of [app, engine]) {
      for (const change of [`update ${table} set created_at = now()`, `delete from ${table}`, `truncate ${table}`])
        await expect(use((session) => sql.raw(change).execute(session))).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('and audit entries not even with it', async () => {
    for (const change of [
      "update weft.audit_logs set user_id = 'nobody'",
      'delete from weft.audit_logs',
      'truncate weft.audit_logs',
      'truncate weft.audit_logs_default',
    ])
      await expect(ask(test.superuserUrl, change)).rejects.toThrow('the audit log only grows');
    const month = `weft.audit_logs_${new Date().toISOString().slice(0, 7).replace('-', '_')}`;
    await expect(ask(test.superuserUrl, `truncate ${month}`)).rejects.toThrow('the audit log only grows');
    await expect(ask(test.superuserUrl, `delete from ${month}`)).rejects.toThrow('the audit log only grows');
  });

  it('but are sealed, once', async () => {
    const seal = (hash: string) =>
      engine((session) =>
        session
          .updateTable('audit_logs')
          .set({ chain_no: 1, prev_hash: Buffer.of(0), hash: Buffer.from(hash) })
          .execute(),
      );
    await seal('a');
    await expect(seal('b')).rejects.toThrow('the audit log only grows');
  });
});

describe('month partitions', () => {
  it('are made once, by the engine, at midnight UTC wherever it is', async () => {
    const make = (months: number) =>
      engine(async (session) => {
        await sql`set local timezone = 'Pacific/Auckland'`.execute(session);
        return (
          await sql<{ name: string }>`select weft.create_month_partitions('2030-12-01', ${months}) as name`.execute(
            session,
          )
        ).rows;
      });
    expect((await make(1)).map(({ name }) => name).sort()).toEqual(
      ['audit_logs', 'execution_history', 'execution_logs', 'task_attempts'].map((table) => `${table}_2030_12`),
    );
    expect(await make(2)).toHaveLength(4);
    expect(await make(2)).toHaveLength(0);
    const [bound] = await connected(test.superuserUrl, async (client) => {
      await client.query("set timezone = 'UTC'");
      return (
        await client.query(
          "select pg_get_expr(relpartbound, oid) as bound from pg_class where relname = 'audit_logs_2030_12'",
        )
      ).rows;
    });
    expect(bound.bound).toBe("FOR VALUES FROM ('2030-12-01 00:00:00+00') TO ('2031-01-01 00:00:00+00')");
  });

  it('take the rows of their month, and leave a month alone that the default one has begun', async () => {
    await run(
      `insert into execution_logs (execution_id, message, created_at) values ('kept', 'in', '2030-12-31T23:59:59.9Z'), ('kept', 'out', '2040-05-05')`,
    );
    const rows = await ask(
      test.superuserUrl,
      'select tableoid::regclass::text as table, message from weft.execution_logs order by created_at',
    );
    expect(rows).toEqual([
      { table: 'weft.execution_logs_2030_12', message: 'in' },
      { table: 'weft.execution_logs_default', message: 'out' },
    ]);
    const made = await ask<{ name: string }>(
      test.superuserUrl,
      "select weft.create_month_partitions('2040-05-01', 1) as name",
    );
    expect(made.map(({ name }) => name)).not.toContain('execution_logs_2040_05');
    expect(made).toHaveLength(3);
  });

  it('are not made by the app', async () => {
    await expect(run("select weft.create_month_partitions('2030-12-01', 1)")).rejects.toMatchObject({ code: '42501' });
  });
});
