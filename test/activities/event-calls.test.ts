import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineCalls, EventInfo } from '../../src/messages.ts';
import { createEventStack } from '../reconcile/event-stack.ts';
import type { EventStack } from '../reconcile/event-stack.ts';

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => expect.fail('it was taken'),
    (error: unknown) => (error as { cause: { cause: { type: string } } }).cause.cause.type,
  );

describe('the calls by which tasks wait for events and send them', { timeout: 60_000 }, () => {
  let stack: EventStack;
  const newWait = async (): Promise<EngineCalls['weft.openEventWait']['input']> => {
    const executionId = `calls-${randomUUID()}`;
    await stack.addExecution(executionId);
    const about = { tenant: 'default', executionId, path: '/w' };
    return { ...about, name: `name-${randomUUID()}`, key: null, where: null, count: 1, expiresAt: null };
  };
  beforeAll(async () => {
    stack = await createEventStack();
    await stack.work();
  });
  afterAll(() => stack.close());

  it('emit: the same again is the same event; what it says is stored as it can be', async () => {
    const input: EngineCalls['weft.emitEvent']['input'] = {
      tenant: 'default',
      executionId: 'e',
      dedupeKey: `root-${randomUUID()}/emit`,
      name: `emitted-${randomUUID()}`,
      key: 'a\0b',
      data: { text: 'NUL \0' },
    };
    const [first, second] = await stack.call('emitTwice', input);
    expect(second).toBe(first);
    const rows = await stack.query('select * from weft.events where name = $1', [input.name]);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      id: first,
      key: 'a\ufffdb',
      data: { text: 'NUL \ufffd' },
      source: 'emit e',
      created_by: 'system',
    });
    expect(rows[0].expires_at - rows[0].created_at).toBe(7 * 86_400_000);
  });

  it.each([
    [{ data: 'x'.repeat(1_000_001) }, 'PAYLOAD_TOO_LARGE'],
    [{ key: 'k'.repeat(257) }, 'INPUT_INVALID'],
    [{ name: '' }, 'INPUT_INVALID'],
    [{ name: 'a\nb' }, 'INPUT_INVALID'],
  ])('emit of what can never be stored fails with a code: %#', async (wrong, code) => {
    const input = {
      tenant: 'default',
      executionId: 'e',
      dedupeKey: randomUUID(),
      name: 'n',
      key: null,
      data: null,
      ...wrong,
    };
    expect(await codeOf(stack.call('emitTwice', input))).toBe(code);
  });

  it('a wait that nothing can ever be for fails with a code', async () => {
    const wait = await newWait();
    expect(await codeOf(stack.call('askOnce', { ...wait, key: 'k'.repeat(257) }))).toBe('INPUT_INVALID');
  });

  it('waits for PostgreSQL', async () => {
    const wait = await newWait();
    await stack.query(`insert into weft.events (tenant_id, name, data) values ('default', $1, '1')`, [wait.name]);
    await stack.postgresProxy.away();
    const asked = stack.call('askOnce', wait) as Promise<readonly EventInfo[]>;
    await new Promise((resolve) => setTimeout(resolve, 500));
    await stack.postgresProxy.back();
    expect((await asked).map(({ data }) => data)).toEqual([1]);
  });
});
