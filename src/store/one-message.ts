import type { Socket } from 'node:net';
import pg from 'pg';
import type { PoolClient, QueryResult, Submittable } from 'pg';
import { UNKNOWN_FUNCTION } from './known-key.ts';
import { CONFIRMING_ROLE, SETTINGS, statementsFor } from './settings.ts';
import type { Settings, SettingsStatement } from './settings.ts';

/** What of `pg` its types leave out. */
type Wire = {
  readonly stream: Socket;
  /** By the names that this connection knows. */
  readonly parsedStatements: { [name: string]: string };
  readonly parse: (statement: { readonly text: string }) => void;
  readonly bind: (statement: { readonly statement: string; readonly values: Values }) => void;
  readonly execute: (portal: object) => void;
};
type Values = readonly (string | null)[];
type Statement = { readonly name?: string; readonly text: string; readonly values: unknown[] };
type Answered<Row> = (error: Error | null, result: QueryResult<Row & object>) => void;
type Query = {
  submit(wire: Wire): unknown;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, wire: Wire): void;
};
const Query = pg.Query as unknown as new (
  statement: Statement & { readonly queryMode: 'extended' },
  answered: Answered<never>,
) => Query;

/**
 * A statement with the settings before it: up to one `Sync` all is one transaction, which that commits (PostgreSQL's
 * protocol, "Pipelining"). Beside messages of their own for `begin` with the settings and for `commit` it is one answer
 * instead of three, and nothing to parse.
 */
class OneMessage extends Query {
  readonly #settings: readonly SettingsStatement[];
  /** Of the settings, whose answers come first. */
  #left: number;

  constructor(settings: Settings, statement: Statement, answered: Answered<never>) {
    super({ ...statement, queryMode: 'extended' }, answered);
    this.#settings = statementsFor(settings);
    this.#left = this.#settings.length;
  }

  override submit(wire: Wire): unknown {
    wire.stream.cork();
    try {
      for (const { name, values } of this.#settings) {
        const isKept = name in wire.parsedStatements;
        if (!isKept) wire.parse({ text: SETTINGS[name] });
        wire.bind({ statement: isKept ? name : '', values });
        wire.execute({});
      }
      return super.submit(wire);
    } finally {
      wire.stream.uncork();
    }
  }

  // What comes before the settings are through is their answer.
  override handleDataRow(message: unknown): void {
    if (this.#left === 0) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, wire: Wire): void {
    if (this.#left === 0) super.handleCommandComplete(message, wire);
    else this.#left--;
  }
}

/** Runs a statement as a transaction of its own, by one message. */
export function askByOneMessage<Row>(
  client: PoolClient,
  settings: Settings,
  statement: Statement,
): Promise<QueryResult<Row & object>> {
  return new Promise((resolve, reject) => {
    const answered: Answered<Row> = (error, result) => (error ? reject(error) : resolve(result));
    client.query(new OneMessage(settings, statement, answered) as unknown as Submittable);
  });
}

/** Lets a new connection keep the statements that say settings. @throws PostgreSQL's error */
export async function keepSettings(client: PoolClient): Promise<void> {
  const { parsedStatements } = (client as PoolClient & { readonly connection: Wire }).connection;
  for (const [name, text] of Object.entries(SETTINGS)) {
    try {
      await client.query(`begin; set local role ${CONFIRMING_ROLE}; prepare ${name} as ${text}; commit`);
      parsedStatements[name] = text;
    } catch (error) {
      await client.query('rollback');
      if (!(error instanceof pg.DatabaseError && error.code === UNKNOWN_FUNCTION)) throw error;
    }
  }
}
