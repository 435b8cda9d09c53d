import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaskTransition, Transition } from '../../src/contract.ts';
import type { Changes } from '../../src/mirror/changes.ts';
import { createChanges } from '../../src/mirror/changes.ts';
import { factsOf } from '../../src/mirror/from-transition.ts';
import type { Fact } from '../../src/mirror/record.ts';
import type { Writer } from '../../src/mirror/writer.ts';
import { createWriter } from '../../src/mirror/writer.ts';
import { awaitEnd } from '../../src/operations/await-end.ts';
import { followExecution } from '../../src/operations/follow-execution.ts';
import type { ExecutionEvent } from '../../src/operations/follow-execution.ts';
import { changeOf } from '../../src/store/change-name.ts';
import type { Database } from '../../src/store/database.ts';
import { createDatabase } from '../../src/store/database.ts';
import { createUser } from '../../src/store/users.ts';
import type { TestDatabase } from '../stack/database.ts';
import { createTestDatabase } from '../stack/database.ts';

const who = { tenant: 'default', userId: 'system' };
const BEGAN = Date.parse('2026-01-01T00:00:00Z');
const never = new AbortController().signal;

let place: TestDatabase;
let database: Database;
let writer: Writer;
let changes: Changes;

beforeAll(async () => {
  place = await createTestDatabase();
  database = createDatabase({ url: place.url, name: 'follow-test' });
  writer = createWriter(database);
  changes = createChanges(database);
  await database.asApp(who, (session) =>
    createUser(session, { id: 'ada', username: 'ada', name: 'Ada', email: 'ada@test.local', roles: [] }),
  );
});
afterAll(async () => {
  await writer.close();
  await database.close();
  await place.drop();
});

function subjectOf(executionId: string) {
  return { tenant: 'default', executionId, executionCreatedAt: new Date(BEGAN).toISOString() };
}

function tell(id: string, transition: Transition, authority: 0 | 1 = 1): Promise<boolean> {
  return writer.recordAndWait(factsOf(subjectOf(id), transition, authority, 'run'), 5_000);
}

function execution(id: string, ord: number, status: 'running' | 'success', authority: 0 | 1 = 1): Promise<boolean> {
  const common = { kind: 'execution', ord, at: BEGAN + ord, status, startedAt: BEGAN, pausedBy: null } as const;
  const rest = { currentPath: null, waitingFor: [], completedTasks: 0, totalTasks: 1 };
  return tell(id, { ...common, ...rest, endedAt: status === 'success' ? BEGAN + ord : null }, authority);
}

function task(ord: number, path: string, status: TaskTransition['status']): Transition {
  const identity = { path, taskId: path.slice(1), type: 'set', dependencies: [], order: 0 };
  const times = { startedAt: BEGAN, endedAt: status === 'running' ? null : BEGAN + ord };
  return { kind: 'task', ord, at: BEGAN + ord, task: identity, status, attempt: 0, ...times };
}

/** What Temporal's confirmation writes. */
function confirm(id: string): Promise<boolean> {
  const fact: Fact = {
    ...subjectOf(id),
    kind: 'execution',
    ...{ epoch: 0, authority: 2, ord: 100_000, attempt: 0, stateRank: 3, status: 'success' },
    ...{ startedAt: BEGAN, endedAt: BEGAN + 9 },
  };
  return writer.recordAndWait([fact], 5_000);
}

function shown(event: ExecutionEvent): string {
  if (event.kind === 'task') return `${event.task.path} ${event.task.status}`;
  return event.kind === 'execution'
    ? `${event.execution.status}${event.execution.confirmed ? ' confirmed' : ''}`
    : event.kind;
}

describe('following an execution', () => {
  it('tells everything once, then each change, then the end', async () => {
    const id = randomUUID();
    await execution(id, 1, 'running');
    const events = followExecution({ database, changes }, who, { id, signal: never });
    const next = async () => {
      for (;;) {
        const { value, done } = await events.next();
        if (done) return 'over';
        if (value.kind !== 'idle') return shown(value);
      }
    };
    expect(await next()).toBe('snapshot');
    await tell(id, task(2, '/a', 'running'), 0);
    expect(await next()).toBe('/a running');
    await tell(id, task(3, '/a', 'success'));
    expect(await next()).toBe('/a success');
    await execution(id, 4, 'success');
    expect(await next()).toBe('success');
    await confirm(id);
    expect([await next(), await next(), await next()]).toEqual(['success confirmed', 'end', 'over']);
  });

  it('misses nothing of what many write at once, whenever it begins', async () => {
    const id = randomUUID();
    await execution(id, 1, 'running');
    const paths = Array.from({ length: 200 }, (_, index) => `/t${index}`);
    const others = [createWriter(database), createWriter(database), writer];
    const writing = Promise.all(
      paths.map(async (path, index) => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 400));
        const facts = factsOf(subjectOf(id), task(index + 2, path, 'success'), 1, 'run');
        await others[index % others.length]!.recordAndWait(facts, 5_000);
      }),
    ).then(() => confirm(id));
    const followers = Array.from({ length: 5 }, async (_, index) => {
      await new Promise((resolve) => setTimeout(resolve, index * 90));
      const seen = new Map<string, string>();
      for await (const event of followExecution({ database, changes }, who, { id, signal: never })) {
        const tasks = event.kind === 'snapshot' ? event.picture.tasks : event.kind === 'task' ? [event.task] : [];
        for (const { path, status } of tasks) seen.set(path, status);
        // A slow one sees less on the way, and the same in the end.
        if (index === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return seen;
    });
    for (const seen of await Promise.all(followers)) {
      expect([...seen.keys()].sort()).toEqual([...paths].sort());
      expect(new Set(seen.values())).toEqual(new Set(['success']));
    }
    await writing;
    await Promise.all(others.slice(0, 2).map((one) => one.close()));
  });

  it('ends when it is told to, and refuses what is not there', async () => {
    const id = randomUUID();
    await execution(id, 1, 'running');
    const stop = new AbortController();
    const events = followExecution({ database, changes }, who, { id, signal: stop.signal });
    await events.next();
    setTimeout(() => stop.abort(), 50);
    expect((await events.next()).done).toBe(true);
    const foreign = followExecution({ database, changes }, { tenant: 'other', userId: 'x' }, { id, signal: never });
    await expect(foreign.next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('waiting for the end', () => {
  const wait = (id: string, ms: number, signal = never) => awaitEnd({ database, changes }, who, { id, ms, signal });

  it('answers as soon as the workflow says so, but not for a hint', async () => {
    const id = randomUUID();
    await execution(id, 1, 'running');
    const began = Date.now();
    const waiting = wait(id, 10_000).then(() => Date.now() - began);
    await execution(id, 2, 'success', 0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await execution(id, 3, 'success', 1);
    const took = await waiting;
    expect(took).toBeGreaterThan(290);
    expect(took).toBeLessThan(2_000);
  });

  it('answers when the time is up, when it is told to stop, and at once when all is over', async () => {
    const id = randomUUID();
    await execution(id, 1, 'running');
    const began = Date.now();
    await wait(id, 200);
    expect(Date.now() - began).toBeGreaterThan(190);
    await wait(id, 60_000, AbortSignal.timeout(100));
    await execution(id, 2, 'success');
    await wait(id, 60_000);
    expect(Date.now() - began).toBeLessThan(3_000);
    await expect(wait('nobody', 1_000)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('changes', () => {
  it('wakes who watches that execution, and everybody when listening begins again', () => {
    let notify: (payload: string) => void = () => undefined;
    const woken: string[] = [];
    const fake = createChanges({
      listen: (_channel, onNotify) => {
        notify = onNotify;
        return () => undefined;
      },
    });
    const stop = fake.watch('a', '1', () => woken.push('a/1'), 'changes');
    fake.watch('a', '1', () => woken.push('a/1 too'), 'changes');
    fake.watch('a', '1', () => woken.push('a/1 ended'), 'ends');
    fake.watch('b', '1', () => woken.push('b/1'), 'changes');
    notify(JSON.stringify([changeOf('a', '1', false), changeOf('c', '9', true)]));
    expect(woken.splice(0)).toEqual(['a/1', 'a/1 too']);
    notify(JSON.stringify([changeOf('a', '1', true)]));
    expect(woken.splice(0)).toEqual(['a/1', 'a/1 too', 'a/1 ended']);
    notify('');
    expect(woken.splice(0)).toEqual(['a/1', 'a/1 too', 'a/1 ended', 'b/1']);
    stop();
    for (const payload of [JSON.stringify([changeOf('a', '1', false)]), 'x', '{}', '[1, null]']) notify(payload);
    expect(woken).toEqual(['a/1 too']);
  });
});
