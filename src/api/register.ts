import type { OpenAPIHono } from '@hono/zod-openapi';
import { Problem } from '../problem.ts';
import { authenticate } from './authenticate.ts';
import { checkRequest } from './check-request.ts';
import { answerOnce } from './idempotency.ts';
import { describeRoute } from './openapi.ts';
import { PERMISSIONS } from '../permissions.ts';
import type { Route } from './route.ts';
import type { ApiEnv } from './services.ts';

export const BASE_PATH = '/api/v1';

/**
 * Adds a route to the app and to its OpenAPI document: who calls, whether they may, what they send, and only then the
 * handler. A POST goes through its idempotency key.
 * @throws Error when the route declares no known permission
 */
export function register(app: OpenAPIHono<ApiEnv>, { spec, handler, afterwards }: Route): void {
  if (!PERMISSIONS.includes(spec.permission)) throw new Error(`${spec.method} ${spec.path} declares no permission`);
  app.openAPIRegistry.registerPath(describeRoute(spec, BASE_PATH));
  app.on(spec.method.toUpperCase(), BASE_PATH + spec.path.replaceAll(/\{(\w+)\}/g, ':$1'), async (c) => {
    const principal = await authenticate(c);
    if (!principal.permissions.has(spec.permission)) {
      throw new Problem('FORBIDDEN', `It needs the permission ${spec.permission}.`);
    }
    c.set('principal', principal);
    const body = await checkRequest(spec, c);
    const answer = await (spec.method === 'post' ? answerOnce(spec, c, body, handler) : handler(c));
    return afterwards ? afterwards(c, answer) : answer;
  });
}
