import type { Socket } from 'node:net';
import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely';
import pg from 'pg';
import type { Pool, PoolClient, QueryResult as PgResult } from 'pg';
import { isUnconfirmed } from './known-key.ts';
import { asProblem, isLost } from './lost-database.ts';
import { askByOneMessage } from './one-message.ts';
import { beginText } from './settings.ts';
import type { Settings } from './settings.ts';
import type { StatementNames } from './statement-names.ts';

const READ_ONLY = '25006';

type Row = { readonly [column: string]: unknown };
type Connection = {
  readonly client: PoolClient;
  readonly query: (text: string, parameters?: readonly unknown[]) => Promise<PgResult<Row>>;
  lost: boolean;
  /** Whether PostgreSQL was told of the transaction: it begins with its first statement. */
  begun: boolean;
  /** Of a single statement: rolled back already. */
  failed: boolean;
};

/** How a transaction begins. */
export type Begin = Settings & {
  /** It has one statement: all of it is one message. */
  readonly isSingle: boolean;
};

/**
 * Kysely's own PostgreSQL, except for how a transaction begins, and that a lost database is a Problem. Made anew for
 * each `begin`, over one pool whose connections send what they are given at once (`pipeline`).
 * @throws Error on a setting with a NUL: it would end the message early, and what follows would be outside of it
 */
export function createDialect(pool: Pool, begin: Begin, nameOf: StatementNames): Dialect {
  return {
    createDriver: () => createDriver(pool, begin, nameOf),
    createAdapter: () => new PostgresAdapter(),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  };
}

function createDriver(pool: Pool, begin: Begin, nameOf: StatementNames): Driver {
  const connections = new WeakMap<DatabaseConnection, Connection>();

  function find(connection: DatabaseConnection): Connection {
    const found = connections.get(connection);
    if (!found) throw new Error('a connection of another driver');
    return found;
  }

  return {
    init: () => Promise.resolve(),
    destroy: () => Promise.resolve(),
    acquireConnection: async () => {
      if (`${begin.tenant}${begin.userId}`.includes('\0')) throw new Error('a setting of a transaction holds a NUL');
      const connection = connect(await acquire(pool), begin, nameOf);
      const handle = asKyselyConnection(connection, begin);
      connections.set(handle, connection);
      return handle;
    },
    beginTransaction: () => Promise.resolve(),
    commitTransaction: async (handle) => {
      const connection = find(handle);
      if (!connection.begun || (begin.isSingle && begin.readOnly)) return;
      // PostgreSQL answers the commit of a failed transaction by rolling back, without an error.
      const isCommitted = begin.isSingle ? !connection.failed : (await connection.query('commit')).command === 'COMMIT';
      if (!isCommitted) throw new Error('A statement failed and its error was swallowed: rolled back.');
    },
    rollbackTransaction: async (handle) => {
      const connection = find(handle);
      // A lost connection has rolled back by itself; whatever lost it is the error to be told of.
      if (!connection.begun || begin.isSingle || connection.lost) return;
      await connection.query('rollback').catch(() => (connection.lost = true));
    },
    releaseConnection: (handle) => {
      const { client, lost } = find(handle);
      client.release(lost);
      return Promise.resolve();
    },
  };
}

async function acquire(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw asProblem(error);
  }
}

function connect(client: PoolClient, begin: Begin, nameOf: StatementNames): Connection {
  async function ask(text: string, parameters?: readonly unknown[]): Promise<PgResult<Row>> {
    if (!parameters) return await client.query<Row>(text);
    const name = nameOf(text);
    const statement = { ...(name !== undefined && { name }), text, values: [...parameters] };
    return await (begin.isSingle ? askByOneMessage<Row>(client, begin, statement) : client.query<Row>(statement));
  }

  const connection: Connection = {
    client,
    lost: false,
    begun: false,
    failed: false,
    query: async (text, parameters) => {
      try {
        const answer = await ask(text, parameters);
        // Each transaction begins with it.
        if (begin.key) begin.key.isConfirmed = true;
        return answer;
      } catch (error) {
        connection.failed = true;
        if (begin.key && isUnconfirmed(error)) begin.key.hasChanged = true;
        // Elsewhere it says that a primary became a standby; here that what was to read only writes.
        if (begin.readOnly && error instanceof pg.DatabaseError && error.code === READ_ONLY) throw error;
        connection.lost ||= isLost(error);
        throw asProblem(error);
      }
    },
  };
  return connection;
}

function asKyselyConnection(connection: Connection, begin: Begin): DatabaseConnection {
  /** All that is sent at once goes by one call of the system. */
  function send(text: string, parameters: readonly unknown[]): Promise<PgResult<Row>> {
    if (connection.begun) {
      if (begin.isSingle) throw new Error('this transaction has one statement');
      return connection.query(text, parameters);
    }
    connection.begun = true;
    if (begin.isSingle) return connection.query(text, parameters);
    const { stream } = (connection.client as PoolClient & { readonly connection: { readonly stream: Socket } })
      .connection;
    stream.cork();
    const beginning = connection.query(beginText(begin));
    const answer = connection.query(text, parameters);
    stream.uncork();
    // Where it could not begin, that is the error to be told of.
    return Promise.all([beginning, answer]).then(([, result]) => result);
  }

  return {
    executeQuery: async <R>({ sql, parameters }: { readonly sql: string; readonly parameters: readonly unknown[] }) => {
      const { command, rowCount, rows } = await send(sql, parameters);
      const changes = command !== 'SELECT' && rowCount !== null;
      const result: QueryResult<R> = { rows: rows as R[], ...(changes && { numAffectedRows: BigInt(rowCount) }) };
      return result;
    },
    streamQuery: () => {
      throw new Error('Streaming a query is not supported: read pages.');
    },
  };
}
