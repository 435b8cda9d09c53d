import type { OpenAPIHono } from '@hono/zod-openapi';
import { routePath } from 'hono/route';
import { Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { ApiEnv } from './services.ts';

/** Counts and times every request by method, route and status, and serves `/metrics` for Prometheus. */
export function addMetrics(app: OpenAPIHono<ApiEnv>): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'weft_http_request_seconds',
    help: 'HTTP requests by method, route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60],
    registers: [registry],
  });
  app.use(async (c, next) => {
    const end = requests.startTimer();
    await next();
    end({ method: c.req.method, route: routePath(c, -1), status: c.res.status });
  });
  app.get('/metrics', async (c) => c.text(await registry.metrics(), 200, { 'content-type': registry.contentType }));
}
