import { sql } from 'kysely';
import type { Database, Session } from './database.ts';

/** Older entries count as absent. */
const KEPT = sql<Date>`now() - interval '24 hours'`;
/** A process that worked on a request this long is taken for dead; handlers end well before. */
const TAKEN_FOR_DEAD = sql<Date>`now() - interval '20 seconds'`;

type Who = { readonly tenant: string; readonly userId: string };
type Request = { readonly route: string; readonly key: string; readonly bodyHash: Buffer };

export type StoredAnswer = {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
};

/** `claimedAt` tells this claim from a later one of the same key, after a take-over. */
type Claimed = { readonly kind: 'ours'; readonly route: string; readonly key: string; readonly claimedAt: string };

export type Claim =
  | Claimed
  | { readonly kind: 'answered'; readonly answer: StoredAnswer }
  | { readonly kind: 'in flight' }
  | { readonly kind: 'mismatch' };

/** Takes an idempotency key, or says what became of it: of many that ask at once, one gets it. */
export function claimKey(database: Database, who: Who, request: Request): Promise<Claim> {
  const { route, key, bodyHash } = request;
  return database.asApp(who, async (session) => {
    const claimed = await session
      .insertInto('idempotency_keys')
      .values({ tenant_id: who.tenant, principal: who.userId, route, key, body_hash: bodyHash })
      .onConflict((conflict) =>
        conflict
          .columns(['tenant_id', 'principal', 'route', 'key'])
          .doUpdateSet({ body_hash: bodyHash, status: null, response: null, created_at: sql`clock_timestamp()` })
          .where((where) =>
            where.or([
              where('idempotency_keys.created_at', '<', KEPT),
              where.and([
                where('idempotency_keys.status', 'is', null),
                where('idempotency_keys.body_hash', '=', bodyHash),
                where('idempotency_keys.created_at', '<', TAKEN_FOR_DEAD),
              ]),
            ]),
          ),
      )
      .returning(sql<string>`created_at::text`.as('claimed_at'))
      .executeTakeFirst();
    if (claimed) return { kind: 'ours', route, key, claimedAt: claimed.claimed_at };
    const row = await entry(session, who, request).select(['status', 'response', 'body_hash']).executeTakeFirst();
    if (!row) return { kind: 'in flight' };
    if (!row.body_hash.equals(bodyHash)) return { kind: 'mismatch' };
    if (row.status === null) return { kind: 'in flight' };
    const { headers, body } = row.response as unknown as Pick<StoredAnswer, 'headers' | 'body'>;
    return { kind: 'answered', answer: { status: row.status, headers, body } };
  });
}

/** Keeps the answer for later copies, unless the claim was taken over meanwhile. */
export async function storeAnswer(database: Database, who: Who, claim: Claimed, answer: StoredAnswer): Promise<void> {
  const response = JSON.stringify({ headers: answer.headers, body: answer.body });
  await database.asApp(who, (session) =>
    session
      .updateTable('idempotency_keys')
      .set({ status: answer.status, response })
      .where('tenant_id', '=', who.tenant)
      .where('principal', '=', who.userId)
      .where('route', '=', claim.route)
      .where('key', '=', claim.key)
      .where('created_at', '=', sql<Date>`${claim.claimedAt}::timestamptz`)
      .execute(),
  );
}

/** Gives the key back, so that the same request may be tried again. */
export async function releaseKey(database: Database, who: Who, claim: Claimed): Promise<void> {
  await database.asApp(who, (session) =>
    session
      .deleteFrom('idempotency_keys')
      .where('tenant_id', '=', who.tenant)
      .where('principal', '=', who.userId)
      .where('route', '=', claim.route)
      .where('key', '=', claim.key)
      .where('created_at', '=', sql<Date>`${claim.claimedAt}::timestamptz`)
      .execute(),
  );
}

/** Deletes what is older than 24 hours, in all tenants. */
export async function forgetOldKeys(database: Database): Promise<void> {
  await database.asEngine((session) => session.deleteFrom('idempotency_keys').where('created_at', '<', KEPT).execute());
}

function entry(session: Session, who: Who, request: Request) {
  return session
    .selectFrom('idempotency_keys')
    .where('tenant_id', '=', who.tenant)
    .where('principal', '=', who.userId)
    .where('route', '=', request.route)
    .where('key', '=', request.key);
}
