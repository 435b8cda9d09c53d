import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../migrations/catalog.ts';
import type { TestApp } from './app.ts';
import { createTestApp } from './app.ts';

describe('events over HTTP', () => {
  let api: TestApp;
  beforeAll(async () => {
    api = await createTestApp();
  });
  afterAll(() => api.close());

  it('are accepted, stored and audited', async () => {
    const { status, body } = await api.call('operator', 'POST', '/events', {
      name: 'order.paid',
      key: 'o-1',
      data: { n: 1 },
    });
    expect(status).toBe(202);
    expect(body).toEqual({
      id: expect.any(String),
      name: 'order.paid',
      key: 'o-1',
      data: { n: 1 },
      source: 'api',
      status: 'received',
      createdBy: 'operator',
      createdAt: expect.any(String),
      expiresAt: new Date(Date.parse(body.createdAt) + 7 * 86_400_000).toISOString(),
    });
    const { body: audit } = await api.call('admin', 'GET', `/audit-logs?resourceType=event&resourceId=${body.id}`);
    expect(audit.items).toMatchObject([
      { user: 'operator', action: 'create', changes: { after: { name: 'order.paid', key: 'o-1' } } },
    ]);
  });

  it('without key and data', async () => {
    const { body } = await api.call('developer', 'POST', '/events', { name: 'plain' });
    expect(body).toMatchObject({ key: null, data: {} });
    const { body: odd } = await api.call('developer', 'POST', '/events', { name: 'Überweisung/gebucht', data: null });
    expect(odd).toMatchObject({ name: 'Überweisung/gebucht', data: null });
  });

  it('once per idempotency key, also when its answer was forgotten', async () => {
    const send = (data: number, key = 'once') =>
      api.call('developer', 'POST', '/events', { name: 'once', data }, { 'idempotency-key': key });
    const first = await send(1);
    const again = await send(1);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await send(2)).body.code).toBe('IDEMPOTENCY_MISMATCH');
    await ask(api.superuserUrl, 'delete from weft.idempotency_keys');
    expect((await send(1)).body.id).toBe(first.body.id);
    const { body } = await api.call('viewer', 'GET', '/events?name=once');
    expect(body.items).toHaveLength(1);
    expect((await send(1, 'another')).body.id).not.toBe(first.body.id);
  });

  it.each([
    [{}, '/name'],
    [{ name: '' }, '/name'],
    [{ name: 'a\nb' }, '/name'],
    [{ name: 'x'.repeat(129) }, '/name'],
    [{ name: 'n', key: '' }, '/key'],
    [{ name: 'n', key: 'k'.repeat(257) }, '/key'],
    [{ name: 'n', payload: 1 }, '/payload'],
  ])('are refused where it says: %#', async (body, pointer) => {
    const answer = await api.call('operator', 'POST', '/events', body);
    expect(answer.body).toMatchObject({ status: 400, code: 'MALFORMED', errors: [{ pointer }] });
  });

  it('are refused when they are too large', async () => {
    const { body } = await api.call('operator', 'POST', '/events', { name: 'n', data: 'x'.repeat(1_000_001) });
    expect(body).toMatchObject({ status: 413, code: 'TOO_LARGE' });
    // A number may be longer than it was written.
    const long = `{ "name": "n", "data": [${Array.from({ length: 10_000 }, () => '1e300').join(',')}] }`;
    expect((await api.call('operator', 'POST', '/events', long)).body).toMatchObject({
      status: 413,
      code: 'TOO_LARGE',
    });
  });

  it('are listed page by page, by name and key, in one’s own tenant', async () => {
    for (let n = 0; n < 5; n++)
      await api.call('operator', 'POST', '/events', { name: 'paged', key: `k${n % 2}`, data: n });
    await api.call('stranger', 'POST', '/events', { name: 'paged', key: 'k1', data: 99 });
    const seen: number[] = [];
    let cursor = '';
    do {
      const { body } = await api.call('viewer', 'GET', `/events?name=paged&limit=2${cursor}`);
      seen.push(...body.items.map(({ data }: { data: number }) => data));
      cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
    } while (cursor !== '');
    expect(seen).toEqual([4, 3, 2, 1, 0]);
    const { body } = await api.call('viewer', 'GET', '/events?key=k1');
    expect(body.items.map(({ data }: { data: number }) => data)).toEqual([3, 1]);
  });
});
