import type { Socket } from 'node:net';
import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely';
import pg from 'pg';
import type { Pool, PoolClient, QueryResult as PgResult } from 'pg';
import { asProblem, isLost } from './lost-database.ts';
import type { StatementNames } from './statement-names.ts';

const READ_ONLY = '25006';

type Row = { readonly [column: string]: unknown };
type Query = (text: string, parameters?: readonly unknown[]) => Promise<PgResult<Row>>;
type Connection = {
  readonly client: PoolClient;
  readonly query: Query;
  lost: boolean;
  /** Whether PostgreSQL was told of the transaction: it begins with its first statement. */
  begun: boolean;
  /** What its only statement was sent with. */
  commit?: Promise<PgResult<Row>>;
};

/** How a transaction begins. */
export type Begin = {
  /** One message of many statements. */
  readonly text: string;
  /**
   * Where it has one statement, what that does: its commit is sent right behind it, one way there and back, and nobody
   * need wait for that of one that reads.
   */
  readonly single?: 'reads' | 'writes' | undefined;
};

/**
 * Kysely's own PostgreSQL, except for how a transaction begins, and that a lost database is a Problem. Made anew for
 * each `begin`, over one pool whose connections send what they are given at once (`pipeline`).
 * @throws Error on a `begin` with a NUL: it would end the message early, and what follows would be outside of it
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
      if (begin.text.includes('\0')) throw new Error('a setting of a transaction holds a NUL');
      const connection = connect(await acquire(pool), begin, nameOf);
      const handle = asKyselyConnection(connection, begin);
      connections.set(handle, connection);
      return handle;
    },
    beginTransaction: () => Promise.resolve(),
    commitTransaction: async (handle) => {
      const connection = find(handle);
      if (!connection.begun || begin.single === 'reads') return;
      // PostgreSQL answers the commit of a failed transaction by rolling back, without an error.
      const { command } = await (connection.commit ?? connection.query('commit'));
      if (command !== 'COMMIT') throw new Error('A statement failed and its error was swallowed: rolled back.');
    },
    rollbackTransaction: async (handle) => {
      const connection = find(handle);
      // A lost connection has rolled back by itself; whatever lost it is the error to be told of.
      if (!connection.begun || connection.commit || connection.lost) return;
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

function connect(client: PoolClient, { single }: Begin, nameOf: StatementNames): Connection {
  const connection: Connection = {
    client,
    lost: false,
    begun: false,
    query: async (text, parameters) => {
      try {
        if (!parameters) return await client.query<Row>(text);
        const name = nameOf(text);
        return await client.query<Row>({ ...(name !== undefined && { name }), text, values: [...parameters] });
      } catch (error) {
        // Elsewhere it says that a primary became a standby; here that what was to read only writes.
        if (single === 'reads' && error instanceof pg.DatabaseError && error.code === READ_ONLY) throw error;
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
      if (begin.single !== undefined) throw new Error('this transaction has one statement');
      return connection.query(text, parameters);
    }
    connection.begun = true;
    const { stream } = (connection.client as PoolClient & { readonly connection: { readonly stream: Socket } })
      .connection;
    stream.cork();
    const beginning = connection.query(begin.text);
    const answer = connection.query(text, parameters);
    if (begin.single !== undefined) {
      connection.commit = connection.query('commit');
      connection.commit.catch(() => undefined);
    }
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
