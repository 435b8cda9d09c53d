import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely';
import type { Pool, PoolClient, QueryResult as PgResult } from 'pg';
import { asProblem, isLost } from './lost-database.ts';
import type { StatementNames } from './statement-names.ts';

type Row = { readonly [column: string]: unknown };
type Query = (text: string, parameters?: readonly unknown[]) => Promise<PgResult<Row>>;
type Connection = {
  readonly client: PoolClient;
  readonly query: Query;
  lost: boolean;
  /** A begin that was sent and not waited for. */
  begun?: Promise<unknown>;
};

/** How a transaction begins: one message of many statements. */
export type Begin = {
  readonly text: string;
  /** It is read only: nothing is lost when nobody waits for its begin and its commit. */
  readonly isReading: boolean;
};

/**
 * Kysely's own PostgreSQL, except for how a transaction begins, and that a lost database is a Problem. Made anew for
 * each `begin`, over one pool whose connections send what they are given at once (`pipeline`).
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

  async function rollback(connection: Connection): Promise<void> {
    // A lost connection has rolled back by itself; whatever lost it is the error to be told of.
    if (!connection.lost) await connection.query('rollback').catch(() => (connection.lost = true));
  }

  return {
    init: () => Promise.resolve(),
    destroy: () => Promise.resolve(),
    acquireConnection: async () => {
      const connection = connect(await acquire(pool), nameOf);
      const handle = asKyselyConnection(connection);
      connections.set(handle, connection);
      return handle;
    },
    beginTransaction: async (handle) => {
      const connection = find(handle);
      if (begin.isReading) {
        // It would end the message early, and what follows would not be in a transaction.
        if (begin.text.includes('\0')) throw new Error('a setting of a transaction holds a NUL');
        connection.begun = connection.query(begin.text);
        // The first statement throws it.
        connection.begun.catch(() => undefined);
        return;
      }
      try {
        await connection.query(begin.text);
      } catch (error) {
        await rollback(connection);
        throw error;
      }
    },
    commitTransaction: async (handle) => {
      const connection = find(handle);
      if (begin.isReading) {
        await connection.begun;
        // Whatever comes next on this connection comes after it.
        void connection.query('commit').catch(() => undefined);
        return;
      }
      // PostgreSQL answers the commit of a failed transaction by rolling back, without an error.
      const { command } = await connection.query('commit');
      if (command !== 'COMMIT') throw new Error('A statement failed and its error was swallowed: rolled back.');
    },
    rollbackTransaction: (handle) => rollback(find(handle)),
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

function connect(client: PoolClient, nameOf: StatementNames): Connection {
  const connection: Connection = {
    client,
    lost: false,
    query: async (text, parameters) => {
      try {
        if (!parameters) return await client.query<Row>(text);
        const name = nameOf(text);
        return await client.query<Row>({ ...(name !== undefined && { name }), text, values: [...parameters] });
      } catch (error) {
        connection.lost ||= isLost(error);
        throw asProblem(error);
      }
    },
  };
  return connection;
}

function asKyselyConnection(connection: Connection): DatabaseConnection {
  return {
    executeQuery: async <R>({ sql, parameters }: { readonly sql: string; readonly parameters: readonly unknown[] }) => {
      // Where it could not begin, that is the error to be told of.
      const [, { command, rowCount, rows }] = await Promise.all([connection.begun, connection.query(sql, parameters)]);
      const changes = command !== 'SELECT' && rowCount !== null;
      const result: QueryResult<R> = { rows: rows as R[], ...(changes && { numAffectedRows: BigInt(rowCount) }) };
      return result;
    },
    streamQuery: () => {
      throw new Error('Streaming a query is not supported: read pages.');
    },
  };
}
