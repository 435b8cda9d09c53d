import type { Json } from '../../src/contract.ts';

export type Answer = { readonly status: number; readonly headers: Headers; readonly body: any };
export type Caller = (
  method: string,
  path: string,
  body?: Json,
  headers?: { readonly [name: string]: string },
) => Promise<Answer>;

/**
 * Calls an API with a key.
 * @param withinMs after so long it throws; for ever without it
 */
export function createCaller(url: string, key: string, withinMs?: number): Caller {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(withinMs === undefined ? {} : { signal: AbortSignal.timeout(withinMs) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
  };
}
