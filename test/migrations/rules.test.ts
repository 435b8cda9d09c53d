import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../src/store/database.ts';
import type { Database, Session } from '../../src/store/database.ts';
import { createTestDatabase } from '../stack/database.ts';
import type { TestDatabase } from '../stack/database.ts';
import { ask } from './catalog.ts';

const TENANT = 'default';
let test: TestDatabase;
let database: Database;

const app = <T>(work: (session: Session) => Promise<T>) => database.asApp({ tenant: TENANT, userId: 'system' }, work);
const engine = <T>(work: (session: Session) => Promise<T>) => database.asEngine(work);
const run = (text: string) => app((session) => sql.raw(text).execute(session));

beforeAll(async () => {
  test = await createTestDatabase();
  database = createDatabase({ url: test.url, name: 'rules-test' });
  await run(`insert into workflows (id, name, title, owner_id) values ('w', 'w', 'W', 'system')`);
  await run(`insert into workflow_definitions (id, workflow_id, version, number, state, content_hash, created_by)
    values ('d', 'w', '1', 1, 'published', '\\x00', 'system'), ('draft', 'w', '2', 2, 'draft', '\\x00', 'system')`);
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

describe('refused', () => {
  const execution = (columns: string, values: string) =>
    `insert into workflow_executions (id, workflow_id, definition_id, root_execution_id, engine_version, ${columns}) values ('e', 'w', 'd', 'e', 1, ${values})`;
  const workflow = (name: string) => `insert into workflows (name, title, owner_id) values (${name}, 'x', 'system')`;

  it.each([
    ['an unknown status', execution('status', "'retry'"), '23514'],
    ['an end before the start', execution('start_time, end_time', "now(), now() - interval '1 s'"), '23514'],
    ['an unknown authority', execution('authority', '3'), '23514'],
    ['half a stub', "insert into workflow_executions (id, workflow_id) values ('half', 'w')", '23514'],
    ["an id that is another tenant's in Temporal", "insert into workflow_executions (id) values ('other:e')", '23514'],
    [
      "an id that is an approval's or a child's",
      "insert into workflow_executions (id, workflow_id, definition_id, root_execution_id, engine_version) values ('e~approve', 'w', 'd', 'e', 1)",
      '23514',
    ],
    [
      'an unknown definition',
      "insert into workflow_executions (id, workflow_id, definition_id, root_execution_id, engine_version) values ('e', 'w', 'none', 'e', 1)",
      '23503',
    ],
    ['a name with a slash', workflow("'a/b'"), '23514'],
    ['a name with a line break', workflow("E'a\\nb'"), '23514'],
    ['a name with a C1 control', workflow("E'a\\u0085b'"), '23514'],
    ['a name of 129 characters', workflow("repeat('ä', 129)"), '23514'],
    ['an empty name', workflow("''"), '23514'],
    ['a name twice', workflow("'w'"), '23505'],
    ['a blank title', "insert into workflows (name, title, owner_id) values ('blank', ' ', 'system')", '23514'],
    ['an owner that is nobody', "insert into workflows (name, title, owner_id) values ('x', 'x', 'nobody')", '23503'],
    [
      'a second draft',
      "insert into workflow_definitions (workflow_id, version, number, content_hash, created_by) values ('w', '3', 3, '\\x00', 'system')",
      '23505',
    ],
    [
      'a version twice',
      "insert into workflow_definitions (workflow_id, version, number, state, content_hash, created_by) values ('w', '1', 3, 'published', '\\x00', 'system')",
      '23505',
    ],
    ['a current definition that is none', "update workflows set current_definition_id = 'none'", '23503'],
    ['an email that is none', "insert into users (email, username, name) values ('a.b.c', 'a', 'A')", '23514'],
    [
      'a name of a user twice, whatever its case',
      "insert into users (email, username, name) values ('a@b.cd', 'SYSTEM', 'A')",
      '23505',
    ],
    [
      'an action of another kind',
      "insert into audit_logs (action, resource_type) values ('look', 'workflow')",
      '23514',
    ],
    [
      'an event of another kind',
      "insert into execution_history (execution_id, event_key, event_type, created_at) values ('e', 'k', 'taskless', now())",
      '23514',
    ],
    ['a log line about nothing', "insert into execution_logs (message) values ('x')", '23514'],
  ])('%s', async (_, statement, code) => {
    await expect(run(statement)).rejects.toMatchObject({ code });
  });

  it.each(['äöü 漢字 (v2): a+b', '-', '..', 'a'.repeat(128)])('but not a workflow named %j', async (name) => {
    await run(workflow(`'${name}'`));
  });
});

describe('published definitions', () => {
  it.each([
    'body = \'{"a":1}\'',
    "source = 'x'",
    "version = '9'",
    'number = 9',
    "state = 'draft'",
    "workflow_id = 'v'",
    'published_at = now()',
    "created_by = 'x'",
  ])('never change: %s', async (change) => {
    await expect(run(`update workflow_definitions set ${change} where id = 'd'`)).rejects.toMatchObject({
      code: '23000',
      hint: 'Save it as a new version.',
    });
  });

  it('are compiled once, switched on and off, and weighted', async () => {
    await run(
      `update workflow_definitions set plan = '{"planVersion":1}', compile_state = 'valid', engine_version = 1 where id = 'd'`,
    );
    await run(`update workflow_definitions set is_active = false, weight = 5, row_version = 2 where id = 'd'`);
    await expect(run(`update workflow_definitions set plan = '{}' where id = 'd'`)).rejects.toMatchObject({
      code: '23000',
    });
  });

  it('but drafts do, until they are published', async () => {
    await run(`update workflow_definitions set body = '{"b":1}', version = '2.1' where id = 'draft'`);
    await run(`update workflow_definitions set state = 'published', published_at = now() where id = 'draft'`);
    await expect(run(`update workflow_definitions set body = '{}' where id = 'draft'`)).rejects.toMatchObject({
      code: '23000',
    });
  });

  it('leave their workflow current-less when they go, and stay while an execution is theirs', async () => {
    await run(`update workflows set current_definition_id = 'draft' where id = 'w'`);
    await engine((session) => sql`delete from workflow_definitions where id = 'draft'`.execute(session));
    const [row] = await ask(
      test.superuserUrl,
      "select current_definition_id, tenant_id from weft.workflows where id = 'w'",
    );
    expect(row).toEqual({ current_definition_id: null, tenant_id: TENANT });
    await run(
      `insert into workflow_executions (id, workflow_id, definition_id, root_execution_id, engine_version) values ('kept', 'w', 'd', 'kept', 1)`,
    );
    await expect(
      engine((session) => sql`delete from workflow_definitions where id = 'd'`.execute(session)),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^23(?:001|503)$/) });
  });
});

describe('written by the database', () => {
  it('durations in ms, beyond 24.9 days too', async () => {
    await run(`insert into workflow_executions (id, status, start_time, end_time) values
      ('short', 'success', '2026-01-01T00:00:00Z', '2026-01-01T00:00:01.2346Z'), ('long', 'success', '2026-01-01', '2026-03-02')`);
    const rows = await app((session) =>
      session
        .selectFrom('workflow_executions')
        .select(['id', 'duration_ms', 'confirmed'])
        .where('id', 'in', ['short', 'long'])
        .orderBy('id')
        .execute(),
    );
    expect(rows).toEqual([
      { id: 'long', duration_ms: 60 * 86_400_000, confirmed: false },
      { id: 'short', duration_ms: 1235, confirmed: false },
    ]);
  });

  it('the id of a task, the same whenever its row is written', async () => {
    const add = (path: string) =>
      engine((session) =>
        session
          .insertInto('task_executions')
          .values({ tenant_id: TENANT, execution_id: 'kept', path, task_id: 'a', type: 'set', authority: 2 })
          .returning(['id', 'confirmed'])
          .executeTakeFirstOrThrow(),
      );
    const first = await add('/a');
    await engine((session) => session.deleteFrom('task_executions').execute());
    expect(await add('/a')).toEqual(first);
    expect(first).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      confirmed: true,
    });
    expect((await add('/b')).id).not.toBe(first.id);
  });

  it('ids that grow with time', async () => {
    const rows = await ask<{ id: string }>(test.superuserUrl, 'select weft.new_id() as id from generate_series(1, 20)');
    expect(rows.map(({ id }) => id)).toEqual(rows.map(({ id }) => id).sort());
  });

  it('when a workflow, a definition or a user was changed', async () => {
    await ask(test.superuserUrl, "update weft.workflows set updated_at = '2020-01-01'");
    const [row] = await ask(
      test.superuserUrl,
      "select min(updated_at) > now() - interval '1 minute' as now from weft.workflows",
    );
    expect(row).toEqual({ now: true });
  });
});
