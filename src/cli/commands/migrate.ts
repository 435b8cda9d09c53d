import { DEFAULT_TENANT } from '../../contract.ts';
import { createServiceLogin, migrate, migrateDown, migrationStatus } from '../../migrate.ts';
import { createDatabase } from '../../store/database.ts';
import { importKey } from '../../store/keys.ts';
import { createUser } from '../../store/users.ts';
import type { Cli } from '../cli.ts';
import { CliError, EXIT } from '../exit-code.ts';
import type { ExitCode } from '../exit-code.ts';
import { printList } from '../output.ts';

export type Direction = 'up' | 'down' | 'status';

/** Brings the database of DATABASE_URL up to date, one step back, or tells where it is. */
export async function migrateDatabase(
  direction: Direction,
  options: { readonly iLoseData?: boolean },
  cli: Cli,
): Promise<ExitCode> {
  const { DATABASE_URL, DATABASE_DIRECT_URL } = cli.settings();
  const url = DATABASE_DIRECT_URL ?? DATABASE_URL;
  if (url === undefined) {
    throw new CliError(EXIT.usage, 'DATABASE_URL is not set: a login that may create roles.', {
      hint: 'The local stack migrates its own database when it starts.',
    });
  }
  const log = cli.terminal.say;
  if (direction === 'up') await migrateUp(url, cli);
  if (direction === 'down') {
    if (options.iLoseData !== true) {
      throw new CliError(EXIT.usage, 'One step back drops what it had made room for. Say that you know: --i-lose-data');
    }
    if ((await migrateDown({ url, log })) === undefined) log('There is nothing to take back.');
  }
  if (direction === 'status') {
    const columns = [
      { title: 'MIGRATION', value: (row: Row) => row.name },
      { title: 'APPLIED', value: (row: Row) => row.appliedAt ?? 'pending' },
    ];
    printList(await migrationStatus({ url }), columns, { ...cli, empty: 'There are no migrations.' });
  }
  return EXIT.ok;
}
type Row = Awaited<ReturnType<typeof migrationStatus>>[number];

async function migrateUp(url: string, cli: Cli): Promise<void> {
  const { WEFT_SERVICE_URL, WEFT_ADMIN_KEY } = cli.settings();
  const log = cli.terminal.say;
  const applied = await migrate({ url, log });
  if (applied.length === 0) log('The database is up to date.');
  if (WEFT_SERVICE_URL === undefined) {
    if (WEFT_ADMIN_KEY !== undefined) throw new CliError(EXIT.usage, 'WEFT_ADMIN_KEY needs WEFT_SERVICE_URL.');
    return;
  }
  const { username, password } = new URL(WEFT_SERVICE_URL);
  await createServiceLogin({ url, name: decodeURIComponent(username), password: decodeURIComponent(password) });
  log(`The login ${decodeURIComponent(username)} is ready.`);
  if (WEFT_ADMIN_KEY === undefined) return;
  await letAdminIn(WEFT_SERVICE_URL, WEFT_ADMIN_KEY);
  log('The key of user admin is let in.');
}

async function letAdminIn(serviceUrl: string, key: string): Promise<void> {
  const database = createDatabase({ url: serviceUrl, name: 'weft migrate', maxConnections: 1 });
  const admin = { id: 'admin', username: 'admin', name: 'Admin', email: 'admin@weft.local', roles: ['admin'] };
  try {
    await database.asApp({ tenant: DEFAULT_TENANT, userId: 'system' }, async (session) => {
      await createUser(session, admin);
      await importKey(session, key, { userId: admin.id, name: 'from WEFT_ADMIN_KEY' });
    });
  } finally {
    await database.close();
  }
}
