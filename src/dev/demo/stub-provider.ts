/** The other side of the example: a policy to ask and a bank to pay with, on a port of its own. */
import { createServer } from 'node:http';
import { once } from 'node:events';

export type ProviderCall = {
  readonly method: string;
  readonly path: string;
  readonly idempotencyKey: string | undefined;
};

export type StubProvider = {
  readonly url: string;
  readonly port: number;
  readonly calls: readonly ProviderCall[];
  readonly close: () => Promise<void>;
};

const ANSWERS: { readonly [path: string]: object } = {
  '/policy': { manager: 'manager', limit: 500 },
  '/pay': { id: 'payment-1', paid: true },
  '/refund': { id: 'refund-1', refunded: true },
};

/** Starts it on 127.0.0.1; it answers what the example calls and remembers who called. */
export async function startStubProvider(): Promise<StubProvider> {
  const calls: ProviderCall[] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://provider').pathname;
    const key = request.headers['idempotency-key'];
    calls.push({ method: request.method ?? '', path, idempotencyKey: typeof key === 'string' ? key : undefined });
    const answer = ANSWERS[path];
    request.resume();
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { error: 'unknown' }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    calls,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
