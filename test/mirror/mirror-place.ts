import { Client } from 'pg';
import type { Database } from '../../src/store/database.ts';
import { createDatabase } from '../../src/store/database.ts';
import { createTestDatabase } from '../stack/database.ts';
import type { TcpProxy } from '../stack/tcp-proxy.ts';
import { createTcpProxy } from '../stack/tcp-proxy.ts';
import { addSystemUser } from './read-mirror.ts';

/** A mirror with nothing in it. */
export type MirrorPlace = {
  /** Weft's way into it, through what may go away. */
  readonly database: Database;
  readonly proxy: TcpProxy;
  /** A superuser's, past both. */
  readonly client: Client;
  readonly superuserUrl: string;
  readonly close: () => Promise<void>;
};

export async function createMirrorPlace(): Promise<MirrorPlace> {
  const { url: direct, superuserUrl, drop } = await createTestDatabase();
  const url = new URL(direct);
  const proxy = await createTcpProxy({ host: url.hostname, port: Number(url.port) });
  url.port = String(proxy.port);
  const database = createDatabase({ url: url.href, name: 'test' });
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  await addSystemUser(client, 'default');
  return {
    database,
    proxy,
    client,
    superuserUrl,
    close: async () => {
      await client.end();
      await database.close();
      await proxy.close();
      await drop();
    },
  };
}
