import type { Socket } from 'node:net';
import pg from 'pg';
import type { PoolClient, QueryResult, Submittable } from 'pg';
import { SETTINGS } from './settings.ts';
import type { Settings } from './settings.ts';

/** What of `pg` its types leave out. */
type Wire = {
  readonly stream: Socket;
  /** By the names that this connection knows. */
  readonly parsedStatements: { readonly [name: string]: string };
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

const NAME = 'weft_settings';

/**
 * A statement with the settings before it: up to one `Sync` all is one transaction, which that commits (PostgreSQL's
 * protocol, "Pipelining"). Beside messages of their own for `begin` with the settings and for `commit` it is one answer
 * instead of three, and nothing to parse.
 */
class OneMessage extends Query {
  readonly #settings: Values;
  #hasBegun = false;

  constructor(settings: Values, statement: Statement, answered: Answered<never>) {
    super({ ...statement, queryMode: 'extended' }, answered);
    this.#settings = settings;
  }

  override submit(wire: Wire): unknown {
    wire.stream.cork();
    try {
      const isKept = NAME in wire.parsedStatements;
      if (!isKept) wire.parse({ text: SETTINGS.text });
      wire.bind({ statement: isKept ? NAME : '', values: this.#settings });
      wire.execute({});
      return super.submit(wire);
    } finally {
      wire.stream.uncork();
    }
  }

  // What comes before the settings are through is their answer.
  override handleDataRow(message: unknown): void {
    if (this.#hasBegun) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, wire: Wire): void {
    if (this.#hasBegun) super.handleCommandComplete(message, wire);
    else this.#hasBegun = true;
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
    client.query(new OneMessage(SETTINGS.valuesOf(settings), statement, answered) as unknown as Submittable);
  });
}

/** Lets a new connection keep the statement that says the settings. @throws PostgreSQL's error */
export async function keepSettings(client: PoolClient): Promise<void> {
  await client.query({ name: NAME, text: SETTINGS.text, values: [null, '', '', null, null] });
}
