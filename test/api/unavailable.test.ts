import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/api/app.ts';
import { createDatabase } from '../../src/store/database.ts';
import { createTemporal } from '../../src/temporal/client.ts';
import type { TestApp } from './app.ts';
import { createTestApp } from './app.ts';

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp();
});
afterAll(() => api.close());

describe('with PostgreSQL away', () => {
  it('the process is alive, not ready, and calls get 503, safe to repeat', async () => {
    const database = createDatabase({ url: 'postgres://nobody:nothing@127.0.0.1:1/nowhere', name: 'away' });
    const app = createApp({ ...api.services, database });
    expect((await app.request('/healthz')).status).toBe(200);
    const ready = await app.request('/readyz');
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: 'unavailable', checks: { database: 'unavailable', temporal: 'ok' } },
    ]);
    const response = await app.request('/api/v1/me', { headers: { authorization: `Bearer ${api.keys.viewer}` } });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await response.json()).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await database.close();
  });
});

describe('with Temporal away', () => {
  it('the process is not ready, and workflows are saved all the same', async () => {
    const temporal = createTemporal({ address: '127.0.0.1:1', namespace: 'default', taskQueue: 'away' });
    const app = createApp({ ...api.services, temporal });
    const ready = await app.request('/readyz');
    expect([ready.status, await ready.json()]).toMatchObject([
      503,
      { checks: { database: 'ok', temporal: 'unavailable' } },
    ]);
    const response = await app.request('/api/v1/workflows/saved', {
      method: 'PUT',
      headers: { authorization: `Bearer ${api.keys.developer}`, 'content-type': 'application/json' },
      body: '{"tasks": [{"id": "a", "type": "set", "vars": {"x": 1}}]}',
    });
    expect(response.status).toBe(201);
    await temporal.close();
  });
});

describe('when it is asked to stop', () => {
  it('it is not ready, and connections are not kept', async () => {
    const app = createApp({ ...api.services, stopping: AbortSignal.abort() });
    const ready = await app.request('/readyz');
    expect([ready.status, ready.headers.get('connection')]).toEqual([503, 'close']);
  });
});
