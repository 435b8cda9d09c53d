import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestApp } from './app.ts';
import { createTestApp } from './app.ts';

const body = (x: unknown, more: object = {}) => ({ tasks: [{ id: 'a', type: 'set', vars: { x } }], ...more });

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp();
});
afterAll(() => api.close());

const put = (name: string, sent: unknown) => api.call('developer', 'PUT', `/workflows/${name}`, sent);
const get = (path: string) => api.call('viewer', 'GET', path);

describe('lists', () => {
  const names = Array.from({ length: 25 }, (_, n) => `listed-${String(n).padStart(2, '0')}`);
  beforeAll(async () => {
    for (const name of names)
      await put(name, body(1, { tags: ['listed'], category: name.endsWith('0') ? 'round' : 'other' }));
  });

  it('go newest first, and stay whole while others are added', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { body: answer } = await get(`/workflows?tag=listed&limit=7${page}`);
      seen.push(...answer.items.map(({ name }: { name: string }) => name));
      cursor = answer.nextCursor;
      await put(`late-${seen.length}`, body(1, { tags: ['listed'] }));
    } while (cursor !== null);
    expect(seen).toEqual(names.toReversed());
  });

  it.each([
    ['q=STED-0&limit=500', 10],
    ['q=%25', 0],
    ['q=_isted', 0],
    ['category=round', 3],
    ['tag=listed&category=round', 3],
    ['tag=nope', 0],
    ['status=archived', 0],
  ])('filter: %s', async (query, count) => {
    expect((await get(`/workflows?${query}`)).body.items).toHaveLength(count);
  });

  it.each(['limit=0', 'limit=501', 'limit=x', 'cursor=x', 'cursor=WyJ4IiwieSJd', 'status=nope', 'nope=1'])(
    'refuse %s',
    async (query) => {
      expect(await get(`/workflows?${query}`)).toMatchObject({ status: 400, body: { code: 'MALFORMED' } });
    },
  );
});
