import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Seen = Pick<IncomingMessage, 'method' | 'url' | 'headers'> & { readonly body: string };

export type LocalServer = {
  readonly url: string;
  readonly port: number;
  /** What came, in order. */
  readonly seen: Seen[];
  readonly close: () => Promise<void>;
};

/** A server on loopback that keeps what reaches it, body and all, before it answers. */
export async function startServer(answer: RequestListener): Promise<LocalServer> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
