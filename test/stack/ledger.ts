import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A provider that keeps what reached it, and does what comes with the same idempotency key once. */
export type Ledger = {
  readonly url: string;
  /** How often each idempotency key came. */
  readonly calls: ReadonlyMap<string, number>;
  /** By the path that was called: its effects, which are the different keys it was called with. */
  readonly effects: ReadonlyMap<string, ReadonlySet<string>>;
  readonly close: () => Promise<void>;
};

/**
 * A caller may ask in the query for an answer that takes `delay` ms more, and for the first `fail` calls of a key to be
 * answered with 503, after which nothing was done.
 * @param delay ms every answer takes
 */
export async function startLedger(delay: number): Promise<Ledger> {
  const calls = new Map<string, number>();
  const effects = new Map<string, Set<string>>();
  const server = createServer((request, response) => {
    const key = request.headers['idempotency-key'];
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://ledger');
    const times = typeof key === 'string' ? (calls.get(key) ?? 0) + 1 : 1;
    const isDone = times > Number(searchParams.get('fail') ?? 0);
    if (typeof key === 'string') calls.set(key, times);
    if (typeof key === 'string' && isDone) effects.set(pathname, (effects.get(pathname) ?? new Set()).add(key));
    request.resume();
    setTimeout(
      () => {
        response.statusCode = isDone ? 200 : 503;
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ id: `receipt-${String(key)}`, manager: 'manager' }));
      },
      delay + Number(searchParams.get('delay') ?? 0),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    effects,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
