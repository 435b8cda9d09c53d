import { createApp } from '../../src/api/app.ts';
import { createChanges } from '../../src/mirror/changes.ts';
import type { Reconciler } from '../../src/reconcile/index.ts';
import { createKey } from '../../src/store/keys.ts';
import { createUser } from '../../src/store/users.ts';
import type { Stack } from './stack.ts';

export type Read = (path: string) => Promise<{ readonly status: number; readonly body: any }>;

/** The API over a stack's parts, for one who may read: GETs a path under `/api/v1`. */
export async function createReader(stack: Stack, reconciler: Reconciler): Promise<Read> {
  const { database, temporal, catalog, log, taskQueue, startNotes } = stack;
  const key = await database.asApp({ tenant: 'default', userId: 'system' }, async (session) => {
    const email = 'reader@test.local';
    await createUser(session, { id: 'reader', username: 'reader', name: 'reader', email, roles: ['viewer'] });
    return createKey(session, { userId: 'reader', name: 'test' });
  });
  const app = createApp({
    ...{ database, temporal, log, reconciler, startNotes },
    catalog: catalog.map((entry) => ({ ...entry, description: '' })),
    config: {
      WEFT_BODY_LIMIT: 1_048_576,
      WEFT_TASK_QUEUE: taskQueue,
      WEFT_LOCAL_ACTIVITIES: true,
      TEMPORAL_NAMESPACE: stack.namespace,
      TEMPORAL_UI: undefined,
    },
    changes: createChanges(database),
    stopping: new AbortController().signal,
  });
  return async (path) => {
    const response = await app.request(`/api/v1${path}`, { headers: { authorization: `Bearer ${key}` } });
    return { status: response.status, body: await response.json() };
  };
}
