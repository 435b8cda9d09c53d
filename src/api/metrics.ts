import type { OpenAPIHono } from '@hono/zod-openapi';
import { routePath } from 'hono/route';
import { Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { ApiEnv, Services } from './services.ts';

/**
 * Counts and times every request by method, route and status, and serves `/metrics` for Prometheus, with how far the
 * mirror is behind.
 */
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
  const showLag = addLag(registry);
  app.use(async (c, next) => {
    const end = requests.startTimer();
    await next();
    end({ method: c.req.method, route: routePath(c, -1), status: c.res.status });
  });
  app.get('/metrics', async (c) => {
    await showLag(c.get('services'));
    return c.text(await registry.metrics(), 200, { 'content-type': registry.contentType });
  });
}

/** The returned function asks for what is shown next; what has no answer is NaN, as Prometheus has it. */
function addLag(registry: Registry): (services: Services) => Promise<void> {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  const swept = gauge(
    'weft_mirror_swept_seconds',
    'Since all that Temporal started and ended was last compared with the mirror',
  );
  const unconfirmed = gauge('weft_mirror_unconfirmed_seconds', 'Since the oldest end that is not confirmed');
  const retention = gauge('weft_temporal_retention_seconds', 'How long Temporal keeps an execution after its end');
  const seconds = (ms: number | null | undefined): number => (ms === null || ms === undefined ? NaN : ms / 1_000);
  return async ({ reconciler }) => {
    const lag = await reconciler.lag().catch(() => undefined);
    swept.set(seconds(lag?.sweptMs));
    unconfirmed.set(seconds(lag?.unconfirmedMs));
    retention.set(seconds(lag?.retentionMs));
  };
}
