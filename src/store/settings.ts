import pg from 'pg';
import type { KnownKey } from './known-key.ts';

/** What a transaction is told first: nothing of it stays with its connection, as a pooler in transaction mode keeps nothing. */
export type Settings = {
  readonly role: 'weft_app' | 'weft_engine';
  /** Whose rows it sees; '' with a role that sees all. */
  readonly tenant: string;
  readonly userId: string;
  readonly readOnly: boolean;
  /** The commit doesn't wait for the disk. */
  readonly asyncCommit: boolean;
  /** To be confirmed before anything happens; undefined where there is nothing to confirm. */
  readonly key?: KnownKey | undefined;
};

const SEARCH_PATH = 'weft, pg_temp';
/** A login itself may nothing; what confirms a key makes the role another. */
export const CONFIRMING_ROLE = 'weft_engine';

/** One message of many statements, the first of a transaction that goes on. */
export function beginText(settings: Settings): string {
  const { role, tenant, userId, readOnly, asyncCommit, key } = settings;
  const first = [
    `set local role ${key ? CONFIRMING_ROLE : role}`,
    ...(key
      ? [`select set_config('role', weft.confirmed_role('${hexOf(key)}', ${pg.escapeLiteral(key.version)}), true)`]
      : []),
    `set local search_path = ${SEARCH_PATH}`,
    ...(asyncCommit ? ['set local synchronous_commit = off'] : []),
    ...(role === 'weft_app'
      ? [
          `set local app.tenant = ${pg.escapeLiteral(tenant)}`,
          `set local app.current_user_id = ${pg.escapeLiteral(userId)}`,
        ]
      : []),
  ];
  return `begin${readOnly ? ' read only' : ''}; ${first.join('; ')}`;
}

/** Statements that say settings, by the names under which connections keep them; null in a value = as it is. */
export const SETTINGS = {
  weft_settings: `select set_config('role', $1::text, true), set_config('search_path', '${SEARCH_PATH}', true),
    set_config('app.tenant', $2::text, true), set_config('app.current_user_id', $3::text, true),
    set_config('transaction_read_only', coalesce($4::text, current_setting('transaction_read_only')), true),
    set_config('synchronous_commit', coalesce($5::text, current_setting('synchronous_commit')), true)`,
  weft_key: `select set_config('role', weft.confirmed_role($1::bytea, $2::text), true)`,
} as const;

export type SettingsStatement = {
  readonly name: keyof typeof SETTINGS;
  readonly values: readonly (string | null)[];
};

/** The same as statements before the one that a transaction is made of. */
export function statementsFor({ role, tenant, userId, readOnly, asyncCommit, key }: Settings): SettingsStatement[] {
  const others = [tenant, userId, readOnly ? 'on' : null, asyncCommit ? 'off' : null];
  if (!key) return [{ name: 'weft_settings', values: [role, ...others] }];
  return [
    { name: 'weft_settings', values: [CONFIRMING_ROLE, ...others] },
    { name: 'weft_key', values: [hexOf(key), key.version] },
  ];
}

function hexOf({ hash }: KnownKey): string {
  return `\\x${hash.toString('hex')}`;
}
