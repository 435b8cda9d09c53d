import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiEnv, Services } from './services.ts';

/** Longest time one check may take, ms. */
const PATIENCE_MS = 3_000;

const checks: { readonly [name: string]: (services: Services) => Promise<unknown> } = {
  database: ({ database }) => database.ping(),
  temporal: ({ temporal }) => temporal.ping(),
};

/** `/healthz`: the process answers. `/readyz`: so does all it needs, each by name; 503 when one doesn't. */
export function addHealth(app: OpenAPIHono<ApiEnv>): void {
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    const services = c.get('services');
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await outcome(check(services))] as const),
    );
    const ready = !services.stopping.aborted && results.every(([, result]) => result === 'ok');
    return c.json({ status: ready ? 'ok' : 'unavailable', checks: Object.fromEntries(results) }, ready ? 200 : 503);
  });
}

async function outcome(check: Promise<unknown>): Promise<'ok' | 'unavailable'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'unavailable'>((resolve) => {
    timer = setTimeout(() => resolve('unavailable'), PATIENCE_MS);
  });
  const result = check.then(
    () => 'ok' as const,
    () => 'unavailable' as const,
  );
  return Promise.race([result, late]).finally(() => clearTimeout(timer));
}
