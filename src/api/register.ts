import type { OpenAPIHono } from '@hono/zod-openapi';
import { Problem } from '../problem.ts';
import type { Context } from 'hono';
import { authenticate, recognize } from './authenticate.ts';
import { checkRequest } from './check-request.ts';
import { answerOnce } from './idempotency.ts';
import { describeRoute } from './openapi.ts';
import { PERMISSIONS } from '../permissions.ts';
import type { Route } from './route.ts';
import type { ApiEnv, Principal } from './services.ts';

export const BASE_PATH = '/api/v1';

/**
 * Adds a route to the app and to its OpenAPI document: who calls, whether they may, what they send, and only then the
 * handler. A POST goes through its idempotency key.
 * @throws Error when the route declares no known permission
 */
export function register(app: OpenAPIHono<ApiEnv>, route: Route): void {
  const { spec } = route;
  if (!PERMISSIONS.includes(spec.permission)) throw new Error(`${spec.method} ${spec.path} declares no permission`);
  app.openAPIRegistry.registerPath(describeRoute(spec, BASE_PATH));
  app.on(spec.method.toUpperCase(), BASE_PATH + spec.path.replaceAll(/\{(\w+)\}/g, ':$1'), async (c) => {
    const answerTo = answering(route, c);
    const answer = spec.confirmsKey?.(c) === true ? await answerToKnown(c, answerTo) : undefined;
    return answer ?? (await answerTo(await authenticate(c)));
  });
}

type AnswerTo = (principal: Principal) => Promise<Response>;

function answering({ spec, handler, afterwards }: Route, c: Context<ApiEnv>): AnswerTo {
  let checked: Promise<string> | undefined;
  return async (principal) => {
    if (!principal.permissions.has(spec.permission)) {
      throw new Problem('FORBIDDEN', `It needs the permission ${spec.permission}.`);
    }
    c.set('principal', principal);
    // A body can be read once.
    const body = await (checked ??= checkRequest(spec, c));
    const answer = await (spec.method === 'post' ? answerOnce(spec, c, body, handler) : handler(c));
    return afterwards ? afterwards(c, answer) : answer;
  };
}

/**
 * Answers whom this process knows. What came of it counts where their key was confirmed on the way, in the message of the
 * first statement; where it wasn't, nothing has happened, and undefined says so.
 */
async function answerToKnown(c: Context<ApiEnv>, answerTo: AnswerTo): Promise<Response | undefined> {
  const principal = recognize(c);
  if (!principal) return undefined;
  const { key } = principal;
  try {
    const answer = await answerTo(principal);
    return key.isConfirmed ? answer : undefined;
  } catch (error) {
    // The database is away, or refuses something else: asked again, it might do twice what it has done.
    if (key.wasAsked && !key.hasChanged) throw error;
    return undefined;
  }
}
