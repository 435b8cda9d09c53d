import { inject } from 'vitest';
import { builtIn, describeCatalog } from '../../activities/catalog.ts';
import { createApp } from '../../src/api/app.ts';
import { createStartNotes } from '../../src/operations/start-notes.ts';
import type { Services } from '../../src/api/app.ts';
import { ROLES } from '../../src/permissions.ts';
import type { Role } from '../../src/permissions.ts';
import type { Route } from '../../src/api/route.ts';
import { createLog } from '../../src/log.ts';
import { createChanges } from '../../src/mirror/changes.ts';
import { createDatabase } from '../../src/store/database.ts';
import { createKey } from '../../src/store/keys.ts';
import { createUser } from '../../src/store/users.ts';
import { createTemporal } from '../../src/temporal/client.ts';
import { createTestDatabase } from '../stack/database.ts';

/** A key per role in tenant `default` (`none` has no role), and the admin of another tenant. */
export type Caller = Role | 'none' | 'stranger';

export type TestApp = {
  readonly services: Services;
  readonly superuserUrl: string;
  readonly keys: { readonly [caller in Caller]: string };
  readonly request: (path: string, init?: RequestInit) => Promise<Response>;
  /** Sends JSON under `/api/v1` with the caller's key. */
  readonly call: (
    caller: Caller,
    method: string,
    path: string,
    body?: unknown,
    headers?: { readonly [name: string]: string },
  ) => Promise<Called>;
  readonly close: () => Promise<void>;
};
export type Called = { readonly status: number; readonly headers: Headers; readonly body: any };

/** The API on a database of its own, without a server in between. */
export async function createTestApp(options: { readonly routes?: readonly Route[] } = {}): Promise<TestApp> {
  const testDatabase = await createTestDatabase();
  const { address, namespace } = inject('weft').temporal;
  const database = createDatabase({ url: testDatabase.url, name: 'api-test' });
  const temporal = createTemporal({ address, namespace, taskQueue: 'api-test' });
  const services: Services = {
    database,
    temporal,
    catalog: describeCatalog(builtIn),
    config: {
      WEFT_BODY_LIMIT: 1_048_576,
      WEFT_TASK_QUEUE: 'api-test',
      WEFT_LOCAL_ACTIVITIES: true,
      TEMPORAL_NAMESPACE: namespace,
      TEMPORAL_UI: undefined,
    },
    log: createLog({ name: 'api-test', level: 'silent' }),
    changes: createChanges(database),
    startNotes: createStartNotes(database),
    reconciler: {
      confirm: () => Promise.resolve('open'),
      doubt: () => undefined,
      lag: () => Promise.resolve({ sweptMs: 1_500, unconfirmedMs: 250, retentionMs: 86_400_000 }),
      verify: (_, id) => Promise.resolve({ id, state: 'forgotten', agrees: true, differences: [] }),
      repair: () => Promise.resolve(undefined),
    },
    stopping: new AbortController().signal,
  };
  const app = createApp(services, options.routes);
  const keys = await makeKeys(services);
  const request = async (path: string, init?: RequestInit) => app.request(path, init);
  return {
    services,
    superuserUrl: testDatabase.superuserUrl,
    keys,
    request,
    call: async (caller, method, path, body, headers) => {
      const all = new Headers(headers);
      all.set('authorization', `Bearer ${keys[caller]}`);
      if (body !== undefined && !all.has('content-type')) all.set('content-type', 'application/json');
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const response = await request(`/api/v1${path}`, {
        method,
        headers: all,
        ...(body !== undefined && { body: text }),
      });
      const answer = await response.text();
      const isJson = /json/.test(response.headers.get('content-type') ?? '');
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(answer) : answer };
    },
    close: async () => {
      await temporal.close();
      await database.close();
      await testDatabase.drop();
    },
  };
}

async function makeKeys({ database }: Services): Promise<{ [caller in Caller]: string }> {
  const keyOf = (tenant: string, username: string, roles: readonly string[]) =>
    database.asApp({ tenant, userId: 'system' }, async (session) => {
      await createUser(session, { id: username, username, name: username, email: `${username}@test.local`, roles });
      return createKey(session, { userId: username, name: 'test' });
    });
  const keys: Partial<{ [caller in Caller]: string }> = {};
  for (const role of Object.keys(ROLES) as Role[]) keys[role] = await keyOf('default', role, [role]);
  keys.none = await keyOf('default', 'none', []);
  keys.stranger = await keyOf('other', 'stranger', ['admin']);
  return keys as { [caller in Caller]: string };
}
