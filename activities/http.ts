import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { Json } from '../src/contract.ts';
import type { Reach } from './allowed-address.ts';
import type { Executor, ExecutorContext } from './define-executor.ts';
import { defineExecutor, ExecutorError } from './define-executor.ts';
import type { Exchange } from './http-exchange.ts';
import { exchange, unreachable } from './http-exchange.ts';
import { readBody } from './read-body.ts';

const MAX_REDIRECTS = 5;
/** Bytes of an unexpected answer that its error shows. */
const SHOWN_BODY = 500;
/** Of 4xx these alone may go away by themselves. */
const RETRIED_4XX = new Set([408, 425, 429]);
/** What another origin must not see. */
const CREDENTIALS = ['authorization', 'cookie', 'proxy-authorization'];
/** What HTTP itself sets; set by hand they break the message. */
const RESERVED = new Set(['host', 'content-length', 'transfer-encoding', 'connection', 'upgrade', 'te', 'trailer']);

const status = z.number().int().min(100).max(599);
const scalar = z.union([z.string(), z.number(), z.boolean()]);

const input = z.strictObject({
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']).default('GET'),
  url: z.url({ protocol: /^https?$/ }),
  headers: z
    .record(z.string(), scalar)
    .refine((headers) => !Object.keys(headers).some((name) => RESERVED.has(name.toLowerCase())), {
      message: `these are set by HTTP itself: ${[...RESERVED].join(', ')}`,
    })
    .optional(),
  query: z
    .record(z.string(), z.union([scalar, z.array(scalar), z.null()]))
    .optional()
    .describe('added to the URL; null leaves one out, a list repeats it'),
  body: z.unknown().optional().describe('text is sent as it is, anything else as JSON'),
  idempotencyKey: z.string().optional().describe('instead of the one every call but GET sends by itself'),
  expect: z
    .union([status, z.array(status)])
    .optional()
    .describe('statuses that are a success; default all 2xx'),
});
type Input = z.output<typeof input>;

/**
 * The `http` executor: one request, its answer as `{status, headers, body}`. Sends an `Idempotency-Key` with everything
 * but GET, HEAD and OPTIONS, so that a provider that knows it does nothing twice.
 */
export function createHttp(reach: Reach = {}): Executor {
  return defineExecutor({
    name: 'http',
    description: 'Calls an HTTP API and gives back {status, headers, body}',
    input,
    defaults: { timeout: '30s', heartbeatTimeout: '10s' },
    run: async (context) => {
      const answer = await follow(firstExchange(context), context.input, reach);
      return checkStatus(answer, context.input);
    },
  });
}

type Answer = { readonly url: URL; readonly message: IncomingMessage; readonly body: Json };

async function follow(first: Exchange, { expect }: Input, reach: Reach): Promise<Answer> {
  let current = first;
  for (let redirects = 0; ; redirects++) {
    const message = await exchange(current, reach);
    const next = isExpected(message.statusCode ?? 0, expect) ? undefined : redirected(current, message);
    if (next === undefined) return { url: current.url, message, body: await read(current.url, message) };
    message.resume();
    if (redirects === MAX_REDIRECTS)
      throw new ExecutorError('HTTP_REDIRECTS', `${first.url.host} redirects more than ${MAX_REDIRECTS} times`, {
        retryable: false,
      });
    current = next;
  }
}

async function read(url: URL, message: IncomingMessage): Promise<Json> {
  try {
    return await readBody(message);
  } catch (error) {
    throw error instanceof ExecutorError ? error : unreachable(url, error);
  }
}

function firstExchange({ input, signal, idempotencyKey }: ExecutorContext<Input>): Exchange {
  const url = new URL(input.url);
  for (const [name, value] of Object.entries(input.query ?? {})) {
    for (const one of [value].flat()) if (one !== null) url.searchParams.append(name, String(one));
  }
  const headers: { [name: string]: string } = { accept: 'application/json, */*', 'user-agent': 'weft' };
  const body = input.body === undefined || input.body === null ? undefined : textOf(input.body);
  if (body !== undefined)
    headers['content-type'] = typeof input.body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  if (!['GET', 'HEAD', 'OPTIONS'].includes(input.method))
    headers['idempotency-key'] = input.idempotencyKey ?? idempotencyKey;
  if (url.username !== '') {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
    url.username = url.password = '';
  }
  for (const [name, value] of Object.entries(input.headers ?? {})) headers[name.toLowerCase()] = String(value);
  headers['accept-encoding'] = 'gzip, br';
  return { method: input.method, url, headers: withLength(headers, body), body, signal };
}

function textOf(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function withLength(headers: Exchange['headers'], body: string | undefined): Exchange['headers'] {
  return body === undefined ? headers : { ...headers, 'content-length': String(Buffer.byteLength(body)) };
}

/** The request that a redirect asks for; undefined when the answer is none. */
function redirected(from: Exchange, message: IncomingMessage): Exchange | undefined {
  const {
    statusCode = 0,
    headers: { location },
  } = message;
  if (
    ![301, 302, 303, 307, 308].includes(statusCode) ||
    location === undefined ||
    !URL.canParse(location, from.url.href)
  )
    return undefined;
  const url = new URL(location, from.url);
  const keepsMethod = [307, 308].includes(statusCode) || ['GET', 'HEAD'].includes(from.method);
  const dropped = new Set([
    ...(url.origin === from.url.origin ? [] : CREDENTIALS),
    ...(keepsMethod ? [] : ['content-type', 'content-length', 'idempotency-key']),
  ]);
  const headers = Object.fromEntries(Object.entries(from.headers).filter(([name]) => !dropped.has(name)));
  return { ...from, url, headers, ...(keepsMethod ? {} : { method: 'GET', body: undefined }) };
}

function isExpected(statusCode: number, expect: Input['expect']): boolean {
  return expect === undefined ? statusCode >= 200 && statusCode < 300 : [expect].flat().includes(statusCode);
}

function checkStatus({ url, message, body }: Answer, { method, expect }: Input): unknown {
  const { statusCode = 0 } = message;
  if (isExpected(statusCode, expect)) return { status: statusCode, headers: headersOf(message), body };
  const shown = body === null ? '' : `: ${textOf(body).slice(0, SHOWN_BODY)}`;
  const isFinal = statusCode >= 400 && statusCode < 500 && !RETRIED_4XX.has(statusCode);
  const retryAfter = parseRetryAfter(message.headers['retry-after'], Date.now());
  throw new ExecutorError(`HTTP_${statusCode}`, `${method} ${url.host} answered ${statusCode}${shown}`, {
    retryable: !isFinal,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}

function headersOf(message: IncomingMessage): { readonly [name: string]: string } {
  return Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

/** ms of a `Retry-After`: seconds, or a date. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\s*\d{1,9}\s*$/.test(value)) return Number(value) * 1_000;
  // What Date.parse makes of numbers is no HTTP date.
  const at = /^[A-Z][a-z]/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(at - now, 0);
}
