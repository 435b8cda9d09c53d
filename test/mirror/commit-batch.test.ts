import fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commitBatch, statementOf } from '../../src/mirror/commit-batch.ts';
import { keyOf } from '../../src/mirror/mirror-row.ts';
import { prepare } from '../../src/mirror/prepare.ts';
import type { Fact, Subject } from '../../src/mirror/record.ts';
import { changeOf } from '../../src/store/change-name.ts';
import type { Database } from '../../src/store/database.ts';
import type { Told } from './arbitrary-facts.ts';
import { about, retold, toldFacts } from './arbitrary-facts.ts';
import type { MirrorPlace } from './mirror-place.ts';
import { createMirrorPlace } from './mirror-place.ts';
import { readMirror } from './read-mirror.ts';

describe('the mirror does not depend on how it is told', () => {
  let place: MirrorPlace;
  let database: Database;
  let client: Client;
  let executions = 0;

  beforeAll(async () => {
    place = await createMirrorPlace();
    ({ database, client } = place);
  });
  afterAll(() => place.close());

  const newSubject = (): Subject => ({
    tenant: 'default',
    executionId: `x${++executions}`,
    executionCreatedAt: '2026-01-01T00:00:00.000Z',
  });

  async function write(facts: readonly Fact[], known: ReadonlySet<string> = new Set()): Promise<void> {
    await database.asEngine((session) =>
      commitBatch(session, statementOf(facts.map(prepare), { known, again: false })),
    );
  }

  async function tell(batches: readonly (readonly Told[])[]): Promise<unknown> {
    const subject = newSubject();
    for (const batch of batches) await write(about(subject, batch));
    return await readMirror(client, subject.executionId);
  }

  it('any order, repetition and batching of the same facts ends in the same rows', { timeout: 180_000 }, async () => {
    const seen = { facts: 0, batches: 0 };
    await fc.assert(
      fc.asyncProperty(
        toldFacts.chain((told) => fc.tuple(fc.constant(told), retold(told))),
        async ([told, batches]) => {
          expect(await tell(batches)).toEqual(await tell([told]));
          seen.facts += told.length;
          seen.batches += batches.length;
        },
      ),
      { numRuns: 150 },
    );
    expect(seen.batches).toBeGreaterThan(seen.facts / 2);
  });

  it('a column that a write leaves out keeps the newest value given, whenever that comes', async () => {
    const task = { path: '/a', taskId: 'a', type: 'executor', dependencies: [], order: 0 };
    const base = { kind: 'task', task, epoch: 0, attempt: 1, retryCount: 0, maxRetries: 2, local: false } as const;
    const started = {
      ...base,
      authority: 0,
      ord: 1,
      stateRank: 1,
      status: 'running',
      input: 1,
      startedAt: 5,
      endedAt: null,
    } as const;
    const zombie = {
      ...base,
      authority: 0,
      ord: 1,
      stateRank: 4,
      status: 'success',
      result: 'late',
      startedAt: 5,
      endedAt: 9,
    } as const;
    const failed = {
      ...base,
      authority: 1,
      ord: 7,
      attempt: 0,
      stateRank: 4,
      status: 'failed',
      error: { code: 'TIMEOUT', detail: 'x' },
      startedAt: 4,
      endedAt: 8,
    } as const;
    const confirmed = {
      ...base,
      authority: 2,
      ord: 3,
      attempt: 0,
      stateRank: 4,
      status: 'failed',
      startedAt: null,
      endedAt: 8,
    } as const;
    for (const order of [
      [started, zombie, failed, confirmed],
      [confirmed, failed, zombie, started],
    ]) {
      const subject = newSubject();
      for (const one of order) await write([{ ...subject, ...one }]);
      const { rows } = await client.query('select * from weft.task_executions where execution_id = $1', [
        subject.executionId,
      ]);
      expect(rows[0]).toMatchObject({
        status: 'failed',
        confirmed: true,
        input: 1,
        result: null,
        error_code: 'TIMEOUT',
        attempt: 1,
        max_retries: 2,
        start_time: new Date(4),
        end_time: new Date(8),
      });
    }
  });

  it('two that write the same rows in opposite orders never wait for each other in a circle', async () => {
    const subject = newSubject();
    const tasks = Array.from({ length: 400 }, (_, index): Fact => {
      const task = { path: `/t[${index}]`, taskId: 't', type: 'executor', dependencies: [], order: index };
      const order = { epoch: 0, authority: 0, ord: 0, attempt: 1, stateRank: 1 } as const;
      const times = { startedAt: 1, endedAt: null };
      return {
        ...{ ...subject, ...order, ...times },
        kind: 'task',
        task,
        status: 'running',
        retryCount: 0,
        maxRetries: null,
        local: false,
      };
    });
    await write(tasks);
    // Known: the row of their execution doesn't keep them apart.
    const known = new Set([keyOf(subject)]);
    const at = (facts: readonly Fact[], ord: number) =>
      write(
        facts.map((fact) => ({ ...fact, ord }) as Fact),
        known,
      );
    for (let round = 1; round <= 20; round++) {
      await Promise.all([at(tasks, round * 2), at([...tasks].reverse(), round * 2 + 1)]);
    }
  });

  it('what was not known gets a stub row, which the execution itself replaces', async () => {
    const subject = newSubject();
    const event = {
      kind: 'history',
      eventKey: 'k',
      eventType: 'task_started',
      at: 1,
      path: '/a',
      actor: null,
      data: {},
    } as const;
    await write([{ ...subject, ...event }]);
    const read = async () =>
      (await client.query('select * from weft.workflow_executions where id = $1', [subject.executionId])).rows[0];
    expect(await read()).toMatchObject({
      status: 'running',
      workflow_id: null,
      definition_id: null,
      engine_version: null,
      triggered_by: 'system',
    });
    const hint = {
      kind: 'execution',
      epoch: 0,
      authority: 0,
      ord: 1,
      attempt: 0,
      stateRank: 0,
      status: 'pending',
      startedAt: null,
      endedAt: null,
    } as const;
    await write([{ ...subject, ...hint }]);
    expect(await read()).toMatchObject({ status: 'pending' });
  });

  it('notifies with the names of the executions, in payloads that PostgreSQL carries', async () => {
    const heard: string[] = [];
    const listener = new Client({ connectionString: place.superuserUrl });
    await listener.connect();
    listener.on('notification', ({ payload }) => heard.push(payload ?? ''));
    await listener.query('listen weft_executions');
    const subjects = Array.from({ length: 700 }, () => {
      const subject = newSubject();
      return { ...subject, executionId: `${subject.executionId}${'y'.repeat(60)}` };
    });
    const event = {
      kind: 'history',
      eventKey: 'k',
      eventType: 'task_started',
      at: 1,
      path: '/a',
      actor: null,
      data: {},
    } as const;
    const ended = newSubject();
    const end = {
      kind: 'execution',
      epoch: 0,
      authority: 1,
      ord: 9,
      attempt: 0,
      stateRank: 9,
      status: 'success',
    } as const;
    await write([
      ...subjects.map((subject) => ({ ...subject, ...event })),
      { ...ended, ...end, startedAt: 1, endedAt: 2 },
    ]);
    await listener.query('select 1');
    await listener.end();
    expect(heard.length).toBeGreaterThan(1);
    expect(heard.every((payload) => Buffer.byteLength(payload) < 8_000)).toBe(true);
    expect(heard.flatMap((payload) => JSON.parse(payload) as string[]).sort()).toEqual(
      [
        ...subjects.map(({ executionId }) => changeOf('default', executionId, false)),
        changeOf('default', ended.executionId, true),
      ].sort(),
    );
    // Whoever listens may be of another tenant.
    expect(heard.join()).not.toContain(subjects[0]?.executionId);
  });
});
