import { lookup as resolve } from 'node:dns/promises';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { Agent as HttpAgent, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import type { Reach } from './allowed-address.ts';
import { refusal } from './allowed-address.ts';
import { ExecutorError } from './define-executor.ts';

export type Exchange = {
  readonly method: string;
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  readonly body: string | undefined;
  readonly signal: AbortSignal;
};

/** Longest wait for a connection, ms. */
const CONNECT_MS = 10_000;

const agents = { 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent({ keepAlive: true }) };

/**
 * Sends one request and resolves with the answer's head; its body is not read yet. The name is resolved once, every
 * address it has is checked, and the connection goes to those and no others.
 * @throws ExecutorError URL_REFUSED, HTTP_UNREACHABLE, INPUT_INVALID
 */
export async function exchange(
  { method, url, headers, body, signal }: Exchange,
  reach: Reach,
): Promise<IncomingMessage> {
  const { protocol } = url;
  if (protocol !== 'http:' && protocol !== 'https:') throw refused(`'${protocol}' is not http or https`);
  const addresses = await addressesOf(url, reach);
  const options: RequestOptions = {
    method,
    headers: { ...headers },
    agent: agents[protocol],
    lookup: only(addresses),
    signal,
  };
  return await new Promise((resolvePromise, reject) => {
    const fail = (error: unknown): void => {
      reject(unreachable(url, error));
    };
    let request;
    try {
      request = (protocol === 'https:' ? requestHttps : requestHttp)(url, options, resolvePromise);
    } catch (error) {
      // A header or method that HTTP doesn't allow.
      reject(new ExecutorError('INPUT_INVALID', String(error), { retryable: false }));
      return;
    }
    request.on('error', fail);
    request.on('socket', (socket) => {
      if (!socket.connecting) return;
      const timer = setTimeout(() => request.destroy(new Error('no connection within 10 s')), CONNECT_MS);
      socket.once('connect', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
    });
    request.end(body);
  });
}

type Address = { readonly address: string; readonly family: number };

async function addressesOf(url: URL, reach: Reach): Promise<readonly Address[]> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const family = isIP(host);
  const addresses = family === 0 ? await resolveAll(host, url) : [{ address: host, family }];
  for (const { address } of addresses) {
    const why = refusal(address, port, reach);
    if (why !== undefined) throw refused(`${url.host} ${why}`);
  }
  return addresses;
}

async function resolveAll(host: string, url: URL): Promise<readonly Address[]> {
  try {
    return await resolve(host, { all: true });
  } catch (error) {
    throw unreachable(url, error);
  }
}

/** A lookup that knows what was checked, so that a name can't point elsewhere in the meantime. */
function only(addresses: readonly Address[]): LookupFunction {
  return (_host, options, callback) => {
    const [first] = addresses;
    if (options.all === true) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };
}

function refused(detail: string): ExecutorError {
  return new ExecutorError('URL_REFUSED', detail, { retryable: false });
}

/** Names the host alone: a URL's path and query may hold secrets. */
export function unreachable(url: URL, cause: unknown): ExecutorError {
  const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const why = typeof code === 'string' ? code : cause instanceof Error ? cause.message : String(cause);
  return new ExecutorError('HTTP_UNREACHABLE', `${url.host}: ${why}`, { cause });
}
