import pg from 'pg';
import { Kysely } from 'kysely';
import type { Transaction } from 'kysely';
import { createDialect } from './dialect.ts';
import type { Begin } from './dialect.ts';
import { createListener } from './listener.ts';
import { asProblem } from './lost-database.ts';
import { createStatementNames } from './statement-names.ts';
import type { DB } from './tables.generated.ts';
import { getTypeParser } from './type-parsers.ts';

/** One transaction; schema `weft` is where its tables are. */
export type Session = Transaction<DB>;

export type Database = {
  /**
   * Runs `work` in one transaction that sees one tenant's rows only.
   * @throws Problem DATABASE_UNAVAILABLE, after which it is unknown whether the commit came through
   */
  readonly asApp: <T>(
    who: { readonly tenant: string; readonly userId: string },
    work: (session: Session) => Promise<T>,
  ) => Promise<T>;
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

/** Connects when first asked to. */
export function createDatabase({ url, directUrl = url, maxConnections = 10, name }: DatabaseOptions): Database {
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
  });
  // A connection that is lost between two statements says so to the next one, or is replaced by the next that is needed.
  pool.on('error', () => undefined).on('connect', (client) => client.on('error', () => undefined));
  const listener = createListener({ url: directUrl, name: `${name} listen` });
  // A pooler in transaction mode may not keep what one connection was told.
  const nameOf = directUrl === url ? createStatementNames() : () => undefined;
  const open = (start: Begin): Kysely<DB> => new Kysely({ dialect: createDialect(pool, start, nameOf) });
  const engine = open(begin('weft_engine', {}));
  const engineAsync = open(begin('weft_engine', { synchronous_commit: 'off' }));
  const engineWrites = open(begin('weft_engine', { synchronous_commit: 'off' }, 'writes'));
  const engineReads = open(begin('weft_engine', {}, 'reads'));
  const openApp = (who: { readonly tenant: string; readonly userId: string }, single?: Begin['single']): Kysely<DB> =>
    open(begin('weft_app', { 'app.tenant': who.tenant, 'app.current_user_id': who.userId }, single));

  return {
    asApp: (who, work) => openApp(who).transaction().execute(work),
    readAsApp: (who, work) => openApp(who, 'reads').transaction().execute(work),
    writeAsApp: (who, work) => openApp(who, 'writes').transaction().execute(work),
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

/**
 * All that a transaction is told, in one message: a pooler in transaction mode keeps nothing longer, and nothing longer
 * could leak into the next one.
 */
function begin(
  role: 'weft_app' | 'weft_engine',
  settings: { readonly [name: string]: string },
  single?: Begin['single'],
): Begin {
  const all = Object.entries(settings).map(([name, value]) => `set local ${name} = ${pg.escapeLiteral(value)};`);
  const text = `begin${single === 'reads' ? ' read only' : ''}; set local role ${role}; set local search_path = weft, pg_temp; ${all.join(' ')}`;
  return { text, single };
}
