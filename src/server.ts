/** The API process: HTTP, and beside it the reconciler. Composition only. */
import { serve } from '@hono/node-server';
import { describeCatalog, loadCatalog } from '../activities/catalog.ts';
import { createApp } from './api/app.ts';
import { readConfig } from './config.ts';
import { createLog } from './log.ts';
import { createChanges } from './mirror/changes.ts';
import { createStartNotes } from './operations/start-notes.ts';
import { startReconciler } from './reconcile/index.ts';
import { createDatabase } from './store/database.ts';
import { forgetOldKeys } from './store/idempotency.ts';
import { createPayloadStore } from './store/payloads.ts';
import { createTemporal } from './temporal/client.ts';

/** How long requests in flight may take once the process is asked to stop, ms. */
const GRACE_MS = 10_000;
const HOUR_MS = 3_600_000;

const config = readConfig();
const log = createLog({ name: 'weft-api', level: config.WEFT_LOG_LEVEL });
const catalog = describeCatalog(
  await loadCatalog((config.WEFT_EXECUTORS ?? '').split(',').filter((name) => name !== '')),
);
// Both connect when they are first needed, and again whenever they have to: the API starts without them.
const database = createDatabase({
  url: config.DATABASE_URL,
  ...(config.DATABASE_DIRECT_URL !== undefined && { directUrl: config.DATABASE_DIRECT_URL }),
  name: 'weft-api',
});
const temporal = createTemporal({
  address: config.TEMPORAL_ADDRESS,
  namespace: config.TEMPORAL_NAMESPACE,
  taskQueue: config.WEFT_TASK_QUEUE,
  ...(config.TEMPORAL_API_KEY !== undefined && { apiKey: config.TEMPORAL_API_KEY }),
  payloads: createPayloadStore(database),
});
const startNotes = createStartNotes(database);
const stopping = new AbortController();
const reconciler = startReconciler({ database, temporal, catalog, log, config });
const app = createApp({
  database,
  temporal,
  catalog,
  config,
  log,
  changes: createChanges(database),
  startNotes,
  reconciler,
  stopping: stopping.signal,
});
const hourly = setInterval(() => {
  forgetOldKeys(database).catch((error: unknown) => log.warn({ err: error }, 'old idempotency keys were not deleted'));
}, HOUR_MS);

const server = serve({ fetch: app.fetch, hostname: config.WEFT_HOST, port: config.WEFT_PORT }, ({ address, port }) => {
  const host = address.includes(':') ? `[${address}]` : address;
  process.stdout.write(`weft-api listens on http://${host}:${port}\n`);
});
server.on('error', (error: Error) => {
  process.stderr.write(`weft-api can't listen on ${config.WEFT_HOST}:${config.WEFT_PORT}: ${error.message}\n`);
  process.exit(1);
});

/** Takes nothing new, lets what is in flight end, closes streams at once. */
async function stop(): Promise<void> {
  if (stopping.signal.aborted) return;
  clearInterval(hourly);
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  stopping.abort();
  if ('closeIdleConnections' in server) server.closeIdleConnections();
  const forced = setTimeout(() => process.exit(1), GRACE_MS);
  await closed;
  await Promise.all([reconciler.stop(), startNotes.flush()]);
  await Promise.all([temporal.close(), database.close()]);
  clearTimeout(forced);
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
