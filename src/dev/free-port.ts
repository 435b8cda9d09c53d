import { createServer } from 'node:net';

/**
 * The first free port of 127.0.0.1 from `preferred` upwards; 0 lets the system choose.
 * @throws Error when the next 200 ports are taken
 */
export async function freePort(preferred: number, avoid: readonly number[] = []): Promise<number> {
  for (let offset = 0; offset < 200; offset++) {
    const wanted = preferred === 0 ? 0 : preferred + offset;
    if (wanted > 65_535) break;
    const port = avoid.includes(wanted) ? undefined : await tryPort(wanted);
    if (port !== undefined && !avoid.includes(port)) return port;
  }
  throw new Error(`No free port from ${preferred} upwards`);
}

function tryPort(wanted: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      const port = address !== null && typeof address === 'object' ? address.port : undefined;
      server.close(() => resolve(port));
    });
  });
}
