import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { Problem } from '../problem.ts';
import { claimKey, releaseKey, storeAnswer } from '../store/idempotency.ts';
import type { StoredAnswer } from '../store/idempotency.ts';
import { onError } from './on-error.ts';
import type { Route, RouteSpec } from './route.ts';
import type { ApiEnv } from './services.ts';

/** How long a copy waits for the first one, ms. */
const WAIT_MS = 30_000;
const KEPT_HEADERS = ['content-type', 'location', 'etag'];

/**
 * Runs a POST's handler once per `Idempotency-Key` (of tenant, user and route): copies get the first answer, those in
 * flight wait for it. Answers of 500 and above are not kept.
 * @throws Problem IDEMPOTENCY_MISMATCH, CONFLICT when the first one doesn't end
 */
export async function answerOnce(
  spec: RouteSpec,
  c: Context<ApiEnv>,
  body: string,
  handler: Route['handler'],
): Promise<Response> {
  const key = c.req.header('idempotency-key');
  if (key === undefined) return handler(c);
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new Problem('MALFORMED', 'An Idempotency-Key has 1 to 255 printable characters, without spaces.');
  }
  c.set('idempotencyKey', key);
  const { database } = c.get('services');
  const who = c.get('principal');
  const url = new URL(c.req.url);
  const request = {
    route: `${spec.method.toUpperCase()} ${spec.path}`,
    key,
    bodyHash: createHash('sha256').update(`${url.pathname}${url.search}\n${body}`).digest(),
  };
  const patience = Date.now() + WAIT_MS;
  for (let pause = 20; Date.now() < patience; pause = Math.min(pause * 2, 500)) {
    const claim = await claimKey(database, who, request);
    if (claim.kind === 'mismatch')
      throw new Problem('IDEMPOTENCY_MISMATCH', `The key '${key}' came with another body before.`);
    if (claim.kind === 'answered') return replay(c, claim.answer);
    if (claim.kind === 'ours') {
      const response = await answer(c, handler);
      if (response.status >= 500) await releaseKey(database, who, claim).catch(() => undefined);
      else await keep(c, response, (stored) => storeAnswer(database, who, claim, stored));
      return response;
    }
    await sleep(pause);
  }
  throw new Problem('CONFLICT', `The first request with the key '${key}' is still being worked on.`);
}

async function answer(c: Context<ApiEnv>, handler: Route['handler']): Promise<Response> {
  try {
    return await handler(c);
  } catch (error) {
    return onError(error, c);
  }
}

/** Keeps the answer; when that fails the key stays in flight and a later copy takes it over, so the answer goes out all the same. */
async function keep(
  c: Context<ApiEnv>,
  response: Response,
  store: (answer: StoredAnswer) => Promise<void>,
): Promise<void> {
  const headers = KEPT_HEADERS.flatMap((name) => {
    const value = response.headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  const body = await response.clone().text();
  await store({ status: response.status, headers: Object.fromEntries(headers), body }).catch((error: unknown) => {
    c.get('services').log.warn(
      { err: error, requestId: c.get('requestId') },
      'an answer was not kept for its idempotency key',
    );
  });
}

function replay(c: Context<ApiEnv>, stored: StoredAnswer): Response {
  return c.body(stored.body, stored.status as ContentfulStatusCode, {
    ...stored.headers,
    'Idempotency-Replayed': 'true',
  });
}
