import { randomUUID } from 'node:crypto';
import { OpenAPIHono } from '@hono/zod-openapi';
import { Problem } from '../problem.ts';
import { addApprovalsPage } from './approvals-page/approvals-page.ts';
import { addDocs } from './docs.ts';
import { addHealth } from './health.ts';
import { addMetrics } from './metrics.ts';
import { onError } from './on-error.ts';
import { register } from './register.ts';
import type { Route } from './route.ts';
import { routes as allRoutes } from './routes/index.ts';
import { securityHeaders } from './security-headers.ts';
import type { ApiEnv, Services } from './services.ts';

export type { ApiEnv, Services } from './services.ts';

/** The whole API as one Hono app; tests call `app.request(…)`. */
export function createApp(services: Services, routes: readonly Route[] = allRoutes): OpenAPIHono<ApiEnv> {
  const app = new OpenAPIHono<ApiEnv>();
  app.onError(onError);
  app.notFound((c) => onError(new Problem('NOT_FOUND', `There is no ${c.req.method} ${c.req.path}.`), c));
  app.use(securityHeaders);
  app.use(async (c, next) => {
    const given = c.req.header('x-request-id') ?? '';
    const requestId = /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
    c.set('requestId', requestId);
    c.set('services', services);
    c.header('X-Request-Id', requestId);
    const startedAt = performance.now();
    await next();
    // Whoever comes again shall find another process.
    if (services.stopping.aborted) c.header('Connection', 'close');
    const { method, path } = c.req;
    services.log.debug(
      { requestId, method, path, status: c.res.status, ms: performance.now() - startedAt },
      'answered',
    );
  });
  addMetrics(app);
  for (const route of routes) register(app, route);
  addHealth(app);
  addDocs(app);
  addApprovalsPage(app);
  return app;
}
