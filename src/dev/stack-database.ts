import { Client } from 'pg';
import { createLocalLogin, createServiceLogin, migrate } from '../migrate.ts';
import { createDatabase } from '../store/database.ts';
import { seedLocalUsers } from '../store/seed-local.ts';
import type { StackSecrets } from './stack-state.ts';

export type StackDatabase = {
  /** What the API and the worker log in with. */
  readonly serviceUrl: string;
  /** What a person looks around with. */
  readonly localUrl: string;
};

const DATABASE = 'weft';
const SERVICE_LOGIN = 'weft_service';
const LOCAL_LOGIN = 'weft_local';

/** Migrates the database and makes its two logins and its two users; with a foreign database the logins are the given one. */
export async function prepareDatabase(
  database: { readonly url: string; readonly own: boolean },
  secrets: StackSecrets,
): Promise<StackDatabase> {
  const url = database.own ? await ensureDatabase(database.url) : database.url;
  await migrate({ url });
  if (database.own) await createServiceLogin({ url, name: SERVICE_LOGIN, password: secrets.servicePassword });
  const serviceUrl = database.own ? withLogin(url, SERVICE_LOGIN, secrets.servicePassword) : url;
  const store = createDatabase({ url: serviceUrl, name: 'weft-dev', maxConnections: 1 });
  try {
    await seedLocalUsers(store, secrets);
  } finally {
    await store.close();
  }
  if (!database.own) return { serviceUrl, localUrl: url };
  await createLocalLogin({ url, name: LOCAL_LOGIN, password: secrets.localPassword, userId: 'developer' });
  return { serviceUrl, localUrl: withLogin(url, LOCAL_LOGIN, secrets.localPassword) };
}

async function ensureDatabase(superuserUrl: string): Promise<string> {
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
  const url = new URL(superuserUrl);
  url.pathname = `/${DATABASE}`;
  return url.href;
}

function withLogin(url: string, name: string, password: string): string {
  const result = new URL(url);
  result.username = name;
  result.password = password;
  return result.href;
}
