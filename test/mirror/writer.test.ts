import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fact, Subject } from '../../src/mirror/record.ts';
import type { Writer, WriterOptions } from '../../src/mirror/writer.ts';
import { createWriter } from '../../src/mirror/writer.ts';
import type { Database } from '../../src/store/database.ts';
import { until } from '../stack/until.ts';
import { event, taskFact } from './facts.ts';
import type { MirrorPlace } from './mirror-place.ts';
import { createMirrorPlace } from './mirror-place.ts';

describe('writer', () => {
  let place: MirrorPlace;
  let database: Database;
  let client: Client;
  let writers: Writer[];
  let transactions = 0;
  let executions = 0;

  beforeAll(async () => {
    place = await createMirrorPlace();
    client = place.client;
    database = {
      ...place.database,
      writeAsEngine: (work) => {
        transactions++;
        return place.database.writeAsEngine(work);
      },
    };
  });
  afterAll(() => place.close());
  beforeEach(() => {
    writers = [];
    transactions = 0;
  });
  afterEach(async () => {
    await Promise.all(writers.map((writer) => writer.close()));
  });

  function newWriter(options?: WriterOptions): Writer {
    const writer = createWriter(database, options);
    writers.push(writer);
    return writer;
  }

  const newSubject = (): Subject => ({
    tenant: 'default',
    executionId: `w${++executions}`,
    executionCreatedAt: '2026-01-01T00:00:00.000Z',
  });

  async function statuses(subject: Subject): Promise<readonly string[]> {
    const { rows } = await client.query<{ status: string }>(
      'select status from weft.task_executions where execution_id = $1 order by path',
      [subject.executionId],
    );
    return rows.map(({ status }) => status);
  }

  async function seconds<T>(work: () => Promise<T>): Promise<number> {
    const start = Date.now();
    await work();
    return (Date.now() - start) / 1_000;
  }

  it('what is recorded while a commit is under way goes with the next', async () => {
    const writer = newWriter();
    const subject = newSubject();
    const paths = Array.from({ length: 1_000 }, (_, index) => `/t[${index}]`);
    for (const path of paths) {
      const running = { status: 'running', stateRank: 1, endedAt: null } as const;
      writer.record([taskFact(subject, path, running), taskFact(subject, path)]);
    }
    await writer.flush();
    expect(await statuses(subject)).toEqual(paths.map(() => 'success'));
    expect(transactions).toBeLessThanOrEqual(2);
    // The stub of the execution, and each task once: `running` never reached PostgreSQL by itself.
    expect(writer.stats()).toMatchObject({ written: 1_001, stale: 0, dropped: 0, poisoned: 0, queued: 0 });
  });

  it('what is made while a batch is written loses nothing when its execution is gone before its turn', async () => {
    const writer = newWriter({ batchFacts: 10 });
    const subject = newSubject();
    await writer.recordAndWait([taskFact(subject, '/a', { ord: 0 })], 5_000);
    await client.query('begin');
    await client.query('select from weft.task_executions where execution_id = $1 for update', [subject.executionId]);
    writer.record([taskFact(subject, '/a')]);
    const blocked = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await until('the first waits for the lock', async () => (await client.query(blocked)).rowCount === 1);
    for (let index = 0; index < 10; index++) writer.record([taskFact(subject, `/more[${index}]`)]);
    const queued = writer.queued();
    await client.query('delete from weft.workflow_executions where id = $1', [subject.executionId]);
    await client.query('commit');
    await writer.flush();
    expect(queued).toBe(11);
    expect(await statuses(subject)).toHaveLength(11);
    expect(writer.stats()).toMatchObject({ dropped: 0, poisoned: 0, queued: 0 });
  });

  it('recordAndWait is true once it is committed, and what is older counts as stale', async () => {
    const writer = newWriter();
    const subject = newSubject();
    expect(await writer.recordAndWait([taskFact(subject, '/a')], 5_000)).toBe(true);
    expect(await statuses(subject)).toEqual(['success']);
    expect(await writer.recordAndWait([taskFact(subject, '/a', { status: 'running', stateRank: 1 })], 5_000)).toBe(
      true,
    );
    expect(await statuses(subject)).toEqual(['success']);
    expect(writer.stats()).toMatchObject({ stale: 1 });
    expect(await writer.recordAndWait([], 0)).toBe(true);
  });

  it('with PostgreSQL away nothing throws or waits too long, and all of it is written after its return', async () => {
    const writer = newWriter();
    const subject = newSubject();
    await writer.recordAndWait([taskFact(subject, '/before')], 5_000);
    await place.proxy.away();
    let inTime: boolean | undefined;
    const waited = await seconds(async () => {
      inTime = await writer.recordAndWait([taskFact(subject, '/while')], 300);
    });
    expect({ inTime, waited: waited < 0.6 }).toEqual({ inTime: false, waited: true });
    for (let index = 0; index < 500; index++) writer.record([taskFact(subject, `/more[${index}]`)]);
    expect(writer.queued()).toBe(501);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await place.proxy.back();
    const after = await seconds(() => writer.flush());
    expect(after).toBeLessThan(5);
    expect(await statuses(subject)).toHaveLength(502);
    expect(writer.stats()).toMatchObject({ dropped: 0, poisoned: 0, queued: 0 });
  });

  it('connections that PostgreSQL ends in the middle lose nothing', async () => {
    const writer = newWriter({ batchFacts: 50 });
    const subject = newSubject();
    for (let index = 0; index < 3_000; index++) writer.record([taskFact(subject, `/t[${index}]`)]);
    const flushed = writer.flush();
    for (let round = 0; round < 5; round++) {
      await client.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'test' and datname = current_database()",
      );
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    await flushed;
    expect(await statuses(subject)).toHaveLength(3_000);
  });

  it('over its bounds it gives up hints first, and counts them', async () => {
    const writer = newWriter({ maxFacts: 100, closeMs: 100 });
    const subject = newSubject();
    await place.proxy.away();
    writer.record([event(subject, 'task_started')]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const hints = (from: number) => Array.from({ length: 60 }, (_, index) => taskFact(subject, `/h[${from + index}]`));
    const reported = Array.from({ length: 80 }, (_, index) => taskFact(subject, `/r[${index}]`, { authority: 1 }));
    writer.record(hints(0));
    writer.record(reported);
    expect(writer.stats().dropped).toBe(60);
    writer.record(hints(100));
    expect(writer.queued()).toBeLessThanOrEqual(101);
    await place.proxy.back();
    await writer.flush();
    const { rows } = await client.query('select path from weft.task_executions where execution_id = $1', [
      subject.executionId,
    ]);
    expect(rows.filter(({ path }) => path.startsWith('/r'))).toHaveLength(80);
  });

  it('a fact that PostgreSQL refuses is found and left out, the others are written', async () => {
    const warnings: string[] = [];
    const writer = newWriter({ warn: (fields, message) => warnings.push(`${message} ${JSON.stringify(fields)}`) });
    const subject = newSubject();
    const good = Array.from({ length: 300 }, (_, index) => taskFact(subject, `/t[${index}]`));
    const bad: readonly Fact[] = [
      event(subject, 'no_such_event'),
      taskFact(subject, '/negative', { retryCount: -1, result: 'a secret' }),
      taskFact({ ...subject, executionId: 'no:id' }, '/a'),
      taskFact({ ...subject, tenant: 'no such tenant' }, '/a'),
      taskFact(subject, '/circle', { startedAt: Number.NaN }),
    ];
    const [one, two, three, four, five] = bad as [Fact, Fact, Fact, Fact, Fact];
    writer.record([one, ...good.slice(0, 100), two, three, ...good.slice(100), four, five]);
    await writer.flush();
    expect(await statuses(subject)).toHaveLength(300);
    expect(writer.stats()).toMatchObject({ poisoned: 5, dropped: 0 });
    expect(warnings).toHaveLength(5);
    expect(warnings.join('\n')).not.toContain('a secret');
  });

  it('text that PostgreSQL does not store is replaced, an end before its start is clamped', async () => {
    const writer = newWriter();
    const subject = newSubject();
    const result = { 'k\u0000': ['\ud800', 'literally \\u0000', '\ud83d\ude00'] };
    writer.record([
      taskFact(subject, '/a', { result, startedAt: 10, endedAt: 5 }),
      taskFact(subject, '/b', { status: 'failed', error: { code: 'E', detail: `\u0000${'é'.repeat(5_000)}` } }),
      { ...subject, kind: 'log', path: '/a', attempt: 1, level: 'info', message: 'm\u0000', context: null, at: 1 },
    ]);
    await writer.flush();
    const { rows } = await client.query('select * from weft.task_executions where execution_id = $1 order by path', [
      subject.executionId,
    ]);
    expect(rows[0]).toMatchObject({
      result: { 'k\ufffd': ['\ufffd', 'literally \\u0000', '\ud83d\ude00'] },
      start_time: new Date(10),
      end_time: new Date(10),
    });
    expect(Buffer.byteLength(rows[1].error_detail)).toBeLessThanOrEqual(4_096);
    const { rows: lines } = await client.query('select message from weft.execution_logs where execution_id = $1', [
      subject.executionId,
    ]);
    expect(lines).toEqual([{ message: 'm\ufffd' }]);
    expect(writer.stats().poisoned).toBe(0);
  });

  it('several writers on the same rows, with serialization failures thrown in, end in the greatest write', async () => {
    await client.query(`
      create function public.sometimes() returns trigger language plpgsql as $$ begin
        if random() < 0.2 then raise exception 'as asked' using errcode = case when random() < 0.5 then '40001' else '40P01' end; end if;
        return null; end $$;
      create trigger sometimes after insert on weft.task_executions for each statement execute function public.sometimes()`);
    try {
      const several = [newWriter({ batchFacts: 100 }), newWriter({ batchFacts: 100 }), newWriter({ batchFacts: 100 })];
      const subject = newSubject();
      for (let ord = 1; ord <= 30; ord++) {
        for (const [nr, writer] of several.entries()) {
          const paths = Array.from({ length: 20 }, (_, index) => `/t[${(index * 7 + ord) % 20}]`);
          const once = taskFact(subject, `/once-${nr}[${ord}]`, { ord: 30, result: 30 });
          writer.record([...paths.map((path) => taskFact(subject, path, { ord, result: ord })), once]);
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      await Promise.all(several.map((writer) => writer.flush()));
      const { rows } = await client.query(
        'select ord, result, count(*)::int as rows from weft.task_executions where execution_id = $1 group by 1, 2',
        [subject.executionId],
      );
      expect(rows).toEqual([{ ord: '30', result: 30, rows: 20 + 3 * 30 }]);
      expect(several.map((writer) => writer.stats().poisoned)).toEqual([0, 0, 0]);
    } finally {
      await client.query('drop trigger sometimes on weft.task_executions; drop function public.sometimes()');
    }
  });
});
