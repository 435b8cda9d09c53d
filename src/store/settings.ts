import pg from 'pg';

/** What a transaction is told first: nothing of it stays with its connection, as a pooler in transaction mode keeps nothing. */
export type Settings = {
  readonly role: 'weft_app' | 'weft_engine';
  /** Whose rows it sees; '' with a role that sees all. */
  readonly tenant: string;
  readonly userId: string;
  readonly readOnly: boolean;
  /** The commit doesn't wait for the disk. */
  readonly asyncCommit: boolean;
};

const SEARCH_PATH = 'weft, pg_temp';

/** One message of many statements, the first of a transaction that goes on. */
export function beginText({ role, tenant, userId, readOnly, asyncCommit }: Settings): string {
  const settings = [
    `role ${role}`,
    `search_path = ${SEARCH_PATH}`,
    ...(asyncCommit ? ['synchronous_commit = off'] : []),
    ...(role === 'weft_app'
      ? [`app.tenant = ${pg.escapeLiteral(tenant)}`, `app.current_user_id = ${pg.escapeLiteral(userId)}`]
      : []),
  ];
  return `begin${readOnly ? ' read only' : ''}; ${settings.map((setting) => `set local ${setting}`).join('; ')}`;
}

/** The same as one statement, for a transaction that is one message; null = as it is. */
export const SETTINGS = {
  text: `select set_config('role', $1::text, true), set_config('search_path', '${SEARCH_PATH}', true),
    set_config('app.tenant', $2::text, true), set_config('app.current_user_id', $3::text, true),
    set_config('transaction_read_only', coalesce($4::text, current_setting('transaction_read_only')), true),
    set_config('synchronous_commit', coalesce($5::text, current_setting('synchronous_commit')), true)`,
  valuesOf: ({ role, tenant, userId, readOnly, asyncCommit }: Settings): readonly (string | null)[] => [
    ...[role, tenant, userId],
    readOnly ? 'on' : null,
    asyncCommit ? 'off' : null,
  ],
};
