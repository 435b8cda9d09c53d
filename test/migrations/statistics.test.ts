import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../stack/database.ts';
import type { TestDatabase } from '../stack/database.ts';
import { ask, connected } from './catalog.ts';

let test: TestDatabase;
const query = <R extends { readonly [column: string]: unknown }>(text: string) => ask<R>(test.superuserUrl, text);
const engine = (text: string) =>
  connected(test.superuserUrl, async (client) => {
    await client.query('set role weft_engine');
    return (await client.query(text)).rows;
  });

const STATISTICS = "select weft.refresh_execution_statistics('2026-01-01', '2026-01-03')";
const METRICS = "select weft.refresh_performance_metrics('2026-01-01T05:00Z', '2026-01-03T05:00Z')";
const LIVE_SUMS = `select count(*) as total, count(*) filter (where status = 'success') as successful,
  count(*) filter (where status in ('failed', 'timeout')) as failed, sum(duration_ms) as sum_duration_ms
  from weft.workflow_executions where created_at >= '2026-01-01T00:00Z' and created_at < '2026-01-04T00:00Z'`;

beforeAll(async () => {
  test = await createTestDatabase();
  await query(
    `insert into weft.users (tenant_id, id, email, username, name) values ('other', 'o', 'o@o.test', 'o', 'O')`,
  );
  for (const tenant of ['default', 'other']) {
    await query(
      `insert into weft.workflows (tenant_id, id, name, title, owner_id) values ('${tenant}', 'w', 'w', 'W', 'system')`,
    );
    await query(`insert into weft.workflow_definitions (tenant_id, id, workflow_id, version, number, state, content_hash, created_by)
      select '${tenant}', 'd' || n, 'w', n::text, n, 'published', '\\x00', 'system' from generate_series(1, 2) n`);
    // Skewed as durations are: from under 1 ms to an hour, over four days of which one isn't asked about.
    await query(`insert into weft.workflow_executions
        (tenant_id, id, workflow_id, definition_id, root_execution_id, engine_version, status, created_at, start_time, end_time, authority)
      select '${tenant}', 'e' || n, 'w', 'd' || 1 + n % 2, 'e' || n, 1, status, at, at,
        case when status <> 'running' then at + make_interval(secs => (exp((n * 7919 % 1511) / 100.0) - 1) / 1000) end, 2
      from generate_series(1, 1500) n,
        lateral (select '2025-12-31T23:30Z'::timestamptz + n * interval '3.7 minutes' as at,
          (array['success', 'success', 'success', 'failed', 'timeout', 'cancelled', 'running'])[1 + n % 7] as status) x`);
    await query(`insert into weft.task_executions (tenant_id, execution_id, path, task_id, type, executor, status, retry_count, start_time, end_time)
      select tenant_id, id, '/a', 'a', 'executor', 'http', 'success', 1, start_time, end_time from weft.workflow_executions
      where tenant_id = '${tenant}' and end_time is not null`);
    await query(`insert into weft.task_attempts (tenant_id, execution_id, path, run_id, status, worker, execution_created_at, ord, attempt,
        start_time, end_time, cpu_ms, memory_mb)
      select tenant_id, id, '/a', 'r', case tries when 1 then 'failed' else 'success' end, 'here', created_at, 1, tries, start_time, end_time, 3, tries
      from weft.workflow_executions, generate_series(1, 2) tries where tenant_id = '${tenant}' and end_time is not null`);
  }
});
afterAll(async () => {
  await test.drop();
});

describe('a percentile', () => {
  it.each([
    ['of evenly spread', Array.from({ length: 1000 }, (_, n) => n)],
    ['of skewed', Array.from({ length: 1000 }, (_, n) => Math.round(Math.exp(n / 50)))],
    ['of one', [1234]],
    ['of small ones, exactly', [0, 0, 1, 1, 2, 2, 3, 3]],
    ['of years', [2 ** 35, 2 ** 35 + 1, 2 ** 34]],
  ])('%s is at most a bucket from the plain one', async (_, durations) => {
    const sorted = [...durations].sort((a, b) => a - b);
    for (const fraction of [0, 0.5, 0.95, 0.99, 1]) {
      const plain = sorted[Math.max(0, Math.ceil(fraction * sorted.length) - 1)] ?? NaN;
      const [row] = await query<{ p: string }>(
        `select weft.percentile_of(weft.histogram_of('{${durations.join()}}'), ${fraction}) as p`,
      );
      expect(Math.abs(Number(row?.p) - plain)).toBeLessThanOrEqual(plain < 4 ? 0 : plain * 0.19);
    }
  });

  it('of none is null', async () => {
    expect(
      await query(`select weft.percentile_of('{}', 0.5) as a, weft.percentile_of(weft.histogram_of(null), 0.5) as b`),
    ).toEqual([{ a: null, b: null }]);
  });
});

describe('statistics', () => {
  it('count what there is, and hours add up to days', async () => {
    await engine(STATISTICS);
    const summed = (which: string) =>
      query(`select sum(total) as total, sum(successful) as successful, sum(failed) as failed, sum(sum_duration_ms) as sum_duration_ms
        from weft.execution_statistics where ${which}`);
    const [plain] = await query(LIVE_SUMS);
    expect(await summed('stat_hour is null')).toEqual([plain]);
    expect(await summed('stat_hour is not null')).toEqual([plain]);
    const apart = await query(`
      select tenant_id, definition_id, stat_date from weft.execution_statistics
      group by 1, 2, 3 having sum(total) filter (where stat_hour is null) <> sum(total) filter (where stat_hour is not null)
        or sum(finished) filter (where stat_hour is null) <> sum(finished) filter (where stat_hour is not null)`);
    expect(apart).toEqual([]);
    expect(await query(`select distinct stat_date::text as day from weft.execution_statistics order by 1`)).toEqual([
      { day: '2026-01-01' },
      { day: '2026-01-02' },
      { day: '2026-01-03' },
    ]);
  });

  it('are the same after another time, and from two at once', async () => {
    await engine(STATISTICS);
    const rows = () => query('select * from weft.execution_statistics order by id');
    const before = await rows();
    expect(before.length).toBeGreaterThan(200);
    await Promise.all([engine(STATISTICS), engine(STATISTICS)]);
    expect(await rows()).toEqual(before);
  });

  it('forget what is gone', async () => {
    await query(`insert into weft.workflow_executions (tenant_id, id, workflow_id, definition_id, root_execution_id, engine_version, created_at)
      values ('default', 'late', 'w', 'd1', 'late', 1, '2025-12-20T12:00Z')`);
    const refresh = "select weft.refresh_execution_statistics('2025-12-20', '2025-12-20')";
    const rows = () => query("select total from weft.execution_statistics where stat_date = '2025-12-20'");
    await engine(refresh);
    expect(await rows()).toEqual([{ total: 1 }, { total: 1 }]);
    await query("delete from weft.workflow_executions where id = 'late'");
    await engine(refresh);
    expect(await rows()).toEqual([]);
  });
});

describe('metrics', () => {
  it('show percentiles near the plain ones, of workflows, tasks and executors', async () => {
    await engine(METRICS);
    const rows = await query<{
      type: string;
      samples: number;
      p95: string;
      plain: number;
      cpu: string;
      retries: number;
      failed: number;
    }>(`
      select p.entity_type as type, p.samples, p.p95_ms as p95, x.plain, p.cpu_ms as cpu, p.retries, p.failed from weft.performance_metrics p,
        lateral (select percentile_disc(0.95) within group (order by e.duration_ms)::float as plain from weft.workflow_executions e
          where e.tenant_id = p.tenant_id and e.created_at >= p.bucket and e.created_at < p.bucket + interval '1 day') x
      where p.tenant_id = 'default' and p.granularity = 'day' and p.bucket = '2026-01-02T00:00Z' order by 1`);
    expect(rows.map(({ type }) => type)).toEqual(['executor', 'task', 'workflow']);
    for (const { p95, plain } of rows) expect(Math.abs(Number(p95) / plain - 1)).toBeLessThan(0.19);
    const [executor, task, workflow] = rows;
    expect(executor?.samples).toBe(2 * Number(workflow?.samples));
    expect(executor).toMatchObject({ failed: task?.samples, retries: task?.samples, cpu: task?.cpu });
    expect(task?.retries).toBe(task?.samples);
  });

  it('of hours add up to those of days, histograms too', async () => {
    await engine(METRICS);
    const summed = (granularity: string) =>
      query(`select tenant_id, entity_type, date_trunc('day', bucket, 'UTC') as day, i, sum(n) as n
        from weft.performance_metrics, unnest(histogram) with ordinality h (n, i)
        where granularity = '${granularity}' group by 1, 2, 3, 4 having sum(n) > 0 order by 1, 2, 3, 4`);
    const days = await summed('day');
    expect(days.length).toBeGreaterThan(100);
    expect(await summed('hour')).toEqual(days);
  });

  it('are the same after another time, and from two at once', async () => {
    await engine(METRICS);
    const rows = () => query('select * from weft.performance_metrics order by id');
    const before = await rows();
    await Promise.all([engine(METRICS), engine(METRICS)]);
    expect(await rows()).toEqual(before);
  });
});

it('statistics and metrics stay the same when executions are archived', async () => {
  const rows = () =>
    query(`select row_to_json(s)::text as row from weft.execution_statistics s
      union all select row_to_json(p)::text from weft.performance_metrics p order by 1`);
  await engine(STATISTICS);
  await engine(METRICS);
  const before = await rows();
  expect(await engine('select weft.archive_completed_workflows(1)::int as moved')).toEqual([{ moved: 2572 }]);
  await engine(STATISTICS);
  await engine(METRICS);
  expect(await rows()).toEqual(before);
});

it('the materialized view counts live and archived executions, as of its last refresh, by the engine alone', async () => {
  await query("update weft.workflow_executions set status = 'paused' where tenant_id = 'other' and status = 'running'");
  await Promise.all([1, 2].map(() => engine('select weft.refresh_workflow_execution_stats()')));
  const rows =
    await query(`select tenant_id, total_executions::int as total, successful_count::int as good, failed_count::int as bad
    from weft.workflow_execution_stats order by 1`);
  expect(rows).toEqual(['default', 'other'].map((tenant_id) => ({ tenant_id, total: 1500, good: 644, bad: 428 })));
  for (const role of ['weft_app', 'weft_readonly']) {
    await connected(test.superuserUrl, async (client) => {
      await client.query(`set role ${role}`);
      await expect(client.query('select from weft.workflow_execution_stats')).rejects.toMatchObject({ code: '42501' });
      await expect(client.query('select weft.refresh_workflow_execution_stats()')).rejects.toMatchObject({
        code: '42501',
      });
      await expect(client.query(STATISTICS)).rejects.toMatchObject({ code: '42501' });
    });
  }
});

it("alarm thresholds are the tenant's own, or the default", async () => {
  const threshold = (tenant: string) =>
    connected(test.url, async (client) => {
      await client.query(`begin; set local role weft_app; set local app.tenant = '${tenant}'`);
      return (
        await client.query(
          "select weft.alarm_threshold('failure_rate')::float as rate, weft.alarm_threshold('none') as none",
        )
      ).rows[0];
    });
  await query(`insert into weft.settings (tenant_id, name, value) values ('other', 'failure_rate', '0.5')`);
  expect(await threshold('other')).toEqual({ rate: 0.5, none: null });
  expect(await threshold('default')).toEqual({ rate: 0.2, none: null });
  await expect(
    query(`insert into weft.settings (tenant_id, name, value) values ('default', 'failure_rate', '"x"')`),
  ).rejects.toMatchObject({
    code: '23514',
  });
});
