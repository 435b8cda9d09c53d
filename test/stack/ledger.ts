import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A provider that keeps what reached it: how often each idempotency key came, and how many were in flight at once. */
export type Ledger = {
  readonly url: string;
  readonly calls: ReadonlyMap<string, number>;
  readonly close: () => Promise<void>;
};

/** @param delay ms every answer takes */
export async function startLedger(delay: number): Promise<Ledger> {
  const calls = new Map<string, number>();
  const server = createServer((request, response) => {
    const key = request.headers['idempotency-key'];
    if (typeof key === 'string') calls.set(key, (calls.get(key) ?? 0) + 1);
    request.resume();
    setTimeout(() => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ id: `receipt-${String(key)}`, manager: 'manager' }));
    }, delay);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
