import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../stack/database.ts';
import type { TestDatabase } from '../stack/database.ts';
import { ask, connected } from './catalog.ts';

let test: TestDatabase | undefined;
const url = () => test?.superuserUrl ?? '';
const query = <R extends { readonly [column: string]: unknown }>(text: string) => ask<R>(url(), text);
const as = (role: string, text: string) =>
  connected(url(), async (client) => {
    await client.query(`set role ${role}`);
    return (await client.query(text)).rows;
  });
const ids = async (text: string) => (await query<{ id: string }>(text)).map(({ id }) => id);

beforeEach(async () => {
  await test?.drop();
  test = await createTestDatabase();
  await query(
    `insert into weft.users (tenant_id, id, email, username, name) values ('other', 'o', 'o@o.test', 'o', 'O')`,
  );
});
afterAll(async () => {
  await test?.drop();
});

/** An execution with all that hangs on it. */
async function addExecution(id: string, status: string, authority: number, daysAgo: number, tenant = 'default') {
  const at = `now() - interval '${daysAgo} days'`;
  const ended = status === 'running' || status === 'paused' ? 'null' : at;
  await query(`
    insert into weft.workflow_executions (tenant_id, id, status, authority, created_at, start_time, end_time, output)
      values ('${tenant}', '${id}', '${status}', ${authority}, ${at} - interval '1 hour', ${at} - interval '1 minute', ${ended}, '{"a": 1}');
    insert into weft.task_executions (tenant_id, execution_id, path, task_id, type, start_time, end_time)
      select '${tenant}', '${id}', '/' || n, n::text, 'set', ${at} - interval '1 minute', ${at} from generate_series(1, 3) n;
    insert into weft.workflow_states (tenant_id, id, execution_id, kind, run_id) values ('${tenant}', 's-${id}', '${id}', 'parking', 'r');
    insert into weft.approvals (tenant_id, id, execution_id, path, title, form) values ('${tenant}', 'a-${id}', '${id}', '/1', 'A', '{"z":1,"a":2}');
    insert into weft.approval_candidates (tenant_id, approval_id, kind, principal) values ('${tenant}', 'a-${id}', 'user', 'system');
    insert into weft.approval_votes (tenant_id, approval_id, voter_id, decision) values ('${tenant}', 'a-${id}', 'system', 'approve');
    insert into weft.commands (tenant_id, execution_id, action) values ('${tenant}', '${id}', 'pause');
    insert into weft.mirror_cursors (tenant_id, execution_id, run_id) values ('${tenant}', '${id}', 'r')`);
}

describe('archiving', () => {
  const archive = (rest = '30') => as('weft_engine', `select weft.archive_completed_workflows(${rest})::int as moved`);
  const PAIRS = [
    ['executions', 'workflow_executions', 'id'],
    ['tasks', 'task_executions', 'execution_id'],
    ['states', 'workflow_states', 'execution_id'],
    ['approvals', 'approvals', 'execution_id'],
    ['approval_candidates', 'approval_candidates', 'approval_id'],
    ['approval_votes', 'approval_votes', 'approval_id'],
  ] as const;
  const rowsOf = (schema: 'weft' | 'weft_archive', which: string) =>
    Promise.all(
      PAIRS.map(async ([archived, core, key]) => {
        const table = schema === 'weft' ? core : archived;
        const text = `select to_jsonb(t) - 'archived_at' as row, t::text is not null as is from ${schema}.${table} t where ${key} ~ '${which}$' order by 1`;
        return [archived, (await query(text)).map(({ row }) => row)];
      }),
    );

  beforeEach(async () => {
    for (const status of ['success', 'failed', 'cancelled', 'timeout'])
      await addExecution(`old-${status}`, status, 2, 31);
    await addExecution('old-unconfirmed', 'success', 1, 31);
    await addExecution('old-running', 'running', 2, 31);
    await addExecution('old-paused', 'paused', 2, 31);
    await addExecution('young', 'success', 2, 29);
    await addExecution('old-other', 'success', 2, 31, 'other');
  });

  it('moves what is confirmed and 30 days old, whole, and nothing else; again nothing more', async () => {
    const before = await rowsOf('weft', 'old-(success|failed|cancelled|timeout|other)');
    expect(await archive()).toEqual([{ moved: 5 }]);
    expect(await rowsOf('weft_archive', '')).toEqual(before);
    expect(await rowsOf('weft', 'old-(success|failed|cancelled|timeout|other)')).toEqual(
      PAIRS.map(([name]) => [name, []]),
    );
    expect(await ids('select id from weft.workflow_executions order by id')).toEqual([
      'old-paused',
      'old-running',
      'old-unconfirmed',
      'young',
    ]);
    for (const table of ['task_executions', 'commands', 'mirror_cursors', 'approvals'])
      expect(await ids(`select distinct execution_id as id from weft.${table}`)).toHaveLength(4);
    expect(await query('select distinct archived_at is not null as told from weft_archive.executions')).toEqual([
      { told: true },
    ]);
    expect(await archive()).toEqual([{ moved: 0 }]);
    expect(await rowsOf('weft_archive', '')).toEqual(before);
  });

  it('by two at once moves each once', async () => {
    await query(`insert into weft.workflow_executions (tenant_id, id, status, authority, created_at, start_time, end_time)
      select 'default', 'many-' || n, 'success', 2, now() - interval '40 days', now() - interval '40 days', now() - interval '40 days' from generate_series(1, 3000) n`);
    const moved = (await Promise.all([archive(), archive(), archive('30, 500')])).flat();
    expect(moved.reduce((sum: number, row) => sum + Number(row.moved), 0)).toBe(3005);
    expect(await query('select count(*)::int as n from weft_archive.executions')).toEqual([{ n: 3005 }]);
  });

  it('takes at most so many, and of one tenant', async () => {
    expect(await archive('30, 2')).toEqual([{ moved: 2 }]);
    expect(await archive("30, null, 'other'")).toEqual([{ moved: 1 }]);
    expect(await archive()).toEqual([{ moved: 2 }]);
  });

  it('replaces what was mirrored anew since', async () => {
    await archive();
    await addExecution('old-success', 'failed', 2, 31);
    expect(await archive()).toEqual([{ moved: 1 }]);
    expect(await query("select status from weft_archive.executions where id = 'old-success'")).toEqual([
      { status: 'failed' },
    ]);
  });

  it('is read by its tenant, written by the engine alone', async () => {
    await archive();
    await connected(test?.url ?? '', async (client) => {
      await client.query("begin; set local role weft_app; set local app.tenant = 'other'");
      expect((await client.query('select id from weft_archive.executions')).rows).toEqual([{ id: 'old-other' }]);
    });
    for (const role of ['weft_app', 'weft_readonly', 'weft_views'])
      await expect(as(role, 'delete from weft_archive.executions')).rejects.toMatchObject({ code: '42501' });
    for (const role of ['weft_app', 'weft_readonly'])
      await expect(as(role, 'select weft.archive_completed_workflows(30)')).rejects.toMatchObject({ code: '42501' });
  });
});

describe('cleaning up the history', () => {
  const cleanUp = (rest = '90') =>
    as('weft_engine', `select dropped, deleted::int from weft.cleanup_execution_history(${rest})`);
  const TABLES = ['execution_history', 'execution_logs', 'task_attempts'] as const;
  const left = () =>
    Promise.all(
      TABLES.map((table) => ids(`select tenant_id || ' ' || execution_id as id from weft.${table} order by 1`)),
    );

  /** A row in each of the three, `months` ago. */
  const addRows = (executionId: string, months: number, tenant = 'default') => {
    const at = `date_trunc('month', now(), 'UTC') - interval '${months} months' + interval '3 days'`;
    return query(`
      insert into weft.execution_history (tenant_id, execution_id, event_key, event_type, created_at) values ('${tenant}', '${executionId}', 'k', 'workflow_started', ${at});
      insert into weft.execution_logs (tenant_id, execution_id, message, created_at) values ('${tenant}', '${executionId}', 'm', ${at});
      insert into weft.task_attempts (tenant_id, execution_id, path, run_id, status, worker, execution_created_at, ord, attempt)
        values ('${tenant}', '${executionId}', '/a', 'r', 'success', 'w', ${at}, 1, 1)`);
  };

  beforeEach(async () => {
    await query(
      "select weft.create_month_partitions((date_trunc('month', now(), 'UTC') - interval '8 months')::date, 4)",
    );
    await addExecution('open', 'running', 1, 240);
    await addExecution('done', 'success', 2, 240);
    // Of the months: 8 ago has both, 7 ago only what is done, 12 ago is in the default partition, 1 ago is young.
    for (const [id, months] of [
      ['open', 8],
      ['done', 8],
      ['done', 7],
      ['gone', 7],
      ['open', 12],
      ['done', 12],
      ['done', 1],
    ] as const)
      await addRows(id, months);
    await addRows('open', 7, 'other');
  });

  it('drops whole months, deletes in those that hold open executions, and keeps what is young; again nothing more', async () => {
    const [first] = await cleanUp();
    expect(first.deleted).toBe(2 * TABLES.length);
    const [names] = await query<{
      names: string[];
    }>(`select array_agg(t || to_char(date_trunc('month', now(), 'UTC') - make_interval(months => m), '_YYYY_MM') order by t, m desc) as names
      from unnest(array['${TABLES.join("','")}']) t, generate_series(5, 7) m`);
    expect(first.dropped).toEqual(names?.names);
    expect(await left()).toEqual(TABLES.map(() => ['default done', 'default open', 'default open']));
    expect(await cleanUp()).toEqual([{ dropped: [], deleted: 0 }]);
    await query("update weft.workflow_executions set status = 'success', end_time = now() where id = 'open'");
    expect(await cleanUp()).toEqual([
      { dropped: TABLES.map(() => expect.stringMatching(/_\d{4}_\d\d$/)), deleted: TABLES.length },
    ]);
    expect(await left()).toEqual(TABLES.map(() => ['default done']));
  });

  it('by two at once does it once', async () => {
    const both = (await Promise.all([cleanUp(), cleanUp()])).flat();
    expect(both.map(({ deleted }) => deleted).sort()).toEqual([0, 2 * TABLES.length]);
    expect(await left()).toEqual(TABLES.map(() => ['default done', 'default open', 'default open']));
  });

  it('deletes at most so many, and of one tenant nothing of another', async () => {
    expect(await cleanUp("90, null, 'other'")).toEqual([{ dropped: [], deleted: TABLES.length }]);
    expect((await left()).flat().filter((row) => row.startsWith('other'))).toEqual([]);
    expect((await cleanUp('90, 1'))[0].deleted).toBe(TABLES.length);
    expect((await cleanUp('90, 1'))[0].deleted).toBe(TABLES.length);
    expect((await cleanUp('90, 1'))[0].deleted).toBe(0);
  });

  it('is refused to others, and for less than a day', async () => {
    await expect(cleanUp('0')).rejects.toMatchObject({ code: '22023' });
    for (const role of ['weft_app', 'weft_readonly'])
      await expect(as(role, 'select weft.cleanup_execution_history(90)')).rejects.toMatchObject({ code: '42501' });
  });

  it('leaves a month that is in use for another time', async () => {
    await connected(url(), async (client) => {
      await client.query('begin');
      await client.query('select from weft.execution_logs');
      const [row] = await cleanUp();
      expect(row.dropped.filter((name: string) => name.startsWith('execution_logs'))).toEqual([]);
      expect(row.dropped.length).toBeGreaterThan(3);
    });
    expect((await cleanUp())[0].dropped).toHaveLength(3);
  });
});
