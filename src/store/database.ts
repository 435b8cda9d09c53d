import pg from 'pg';
import { Kysely } from 'kysely';
import type { Transaction } from 'kysely';
import { createDialect } from './dialect.ts';
import type { Begin } from './dialect.ts';
import type { KnownKey } from './known-key.ts';
import { createListener } from './listener.ts';
import { asProblem } from './lost-database.ts';
import { keepSettings } from './one-message.ts';
import type { Settings } from './settings.ts';
import { createStatementNames } from './statement-names.ts';
import type { DB } from './tables.generated.ts';
import { getTypeParser } from './type-parsers.ts';

/** One transaction; schema `weft` is where its tables are. */
export type Session = Transaction<DB>;

type Who = {
  readonly tenant: string;
  readonly userId: string;
  /** Of whoever asked, where that is yet to be confirmed: the first transaction does. */
  readonly key?: KnownKey | undefined;
};

export type Database = {
  /**
   * Runs `work` in one transaction that sees one tenant's rows only.
   * @throws Problem DATABASE_UNAVAILABLE, after which it is unknown whether the commit came through
   */
  readonly asApp: <T>(who: Who, work: (session: Session) => Promise<T>) => Promise<T>;
  /**
   * The same for one statement that reads: one way there and back.
   * @throws Problem DATABASE_UNAVAILABLE; PostgreSQL's error where it writes
   */
  readonly readAsApp: Database['asApp'];
  /**
   * The same for one statement that writes.
   * @throws Problem DATABASE_UNAVAILABLE, after which it is unknown whether the commit came through
   */
  readonly writeAsApp: Database['asApp'];
  /**
   * Runs `work` in one transaction that sees every tenant's rows.
   * @throws Problem DATABASE_UNAVAILABLE, after which it is unknown whether the commit came through
   */
  readonly asEngine: <T>(
    work: (session: Session) => Promise<T>,
    options?: {
      /** The commit doesn't wait for the disk: a crash may lose it. @default false */
      readonly asyncCommit?: boolean;
    },
  ) => Promise<T>;
  /**
   * The same for one statement that reads: one way there and back.
   * @throws Problem DATABASE_UNAVAILABLE; PostgreSQL's error where it writes
   */
  readonly readAsEngine: <T>(work: (session: Session) => Promise<T>) => Promise<T>;
  /**
   * The same for one statement that writes, whose commit doesn't wait for the disk.
   * @throws Problem DATABASE_UNAVAILABLE, after which it is unknown whether the commit came through
   */
  readonly writeAsEngine: <T>(work: (session: Session) => Promise<T>) => Promise<T>;
  /**
   * Calls `onNotify` with the payload of each notification, and with '' whenever listening (again) begins: what came
   * before then may have been missed. Returns what ends it.
   */
  readonly listen: (channel: string, onNotify: (payload: string) => void) => () => void;
  /** @throws Problem DATABASE_UNAVAILABLE */
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export type DatabaseOptions = {
  /**
   * Its login is a member of weft_app and weft_engine; may go through a pooler in transaction mode, where there is a
   * `directUrl` beside it.
   */
  readonly url: string;
  /** Straight to PostgreSQL, for `listen`. @default url */
  readonly directUrl?: string;
  /** @default 10 */
  readonly maxConnections?: number;
  /** `application_name` */
  readonly name: string;
};

/** Longest wait for a connection, ms. */
const CONNECT_TIMEOUT_MS = 2_000;
/** Longest wait for the answer to one statement: a half-open connection never gives one. ms */
const STATEMENT_TIMEOUT_MS = 60_000;

const ENGINE: Settings = { role: 'weft_engine', tenant: '', userId: '', readOnly: false, asyncCommit: false };

/** Connects when first asked to. */
export function createDatabase({ url, directUrl = url, maxConnections = 10, name }: DatabaseOptions): Database {
  // A pooler in transaction mode may not keep what one connection was told.
  const keepsNames = directUrl === url;
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
    application_name: name,
    types: { getTypeParser },
    // A transaction's first statement is sent right behind its begin.
    pipeline: true,
    ...(keepsNames && { verify: (client, done) => void keepSettings(client).then(() => done(), done) }),
  });
  // A connection that is lost between two statements says so to the next one, or is replaced by the next that is needed.
  pool.on('error', () => undefined).on('connect', (client) => client.on('error', () => undefined));
  const listener = createListener({ url: directUrl, name: `${name} listen` });
  const nameOf = keepsNames ? createStatementNames() : () => undefined;
  const open = (start: Begin): Kysely<DB> => new Kysely({ dialect: createDialect(pool, start, nameOf) });
  const engine = open({ ...ENGINE, isSingle: false });
  const engineAsync = open({ ...ENGINE, asyncCommit: true, isSingle: false });
  const engineWrites = open({ ...ENGINE, asyncCommit: true, isSingle: true });
  const engineReads = open({ ...ENGINE, readOnly: true, isSingle: true });
  function openApp({ tenant, userId, key }: Who, how: Pick<Begin, 'readOnly' | 'isSingle'>): Kysely<DB> {
    const toConfirm = key?.isConfirmed === false ? key : undefined;
    if (toConfirm) toConfirm.wasAsked = true;
    return open({ ...ENGINE, role: 'weft_app', tenant, userId, key: toConfirm, ...how });
  }

  return {
    asApp: (who, work) => openApp(who, { readOnly: false, isSingle: false }).transaction().execute(work),
    readAsApp: (who, work) => openApp(who, { readOnly: true, isSingle: true }).transaction().execute(work),
    writeAsApp: (who, work) => openApp(who, { readOnly: false, isSingle: true }).transaction().execute(work),
    asEngine: (work, { asyncCommit = false } = {}) => (asyncCommit ? engineAsync : engine).transaction().execute(work),
    readAsEngine: (work) => engineReads.transaction().execute(work),
    writeAsEngine: (work) => engineWrites.transaction().execute(work),
    listen: listener.listen,
    ping: async () => {
      await pool.query('select 1').catch((error: unknown) => {
        throw asProblem(error);
      });
    },
    close: async () => {
      await Promise.all([listener.close(), pool.end()]);
    },
  };
}
