import { sql } from 'kysely';
import type { Database } from './database.ts';

/** Where a large value stands. */
export type PayloadKey = {
  readonly tenant: string;
  readonly executionId: string;
  /** SHA-256 of the content, hex. */
  readonly hash: string;
};
export type StoredPayload = PayloadKey & { readonly content: Buffer; readonly contentType: string };

/** Values too large for Temporal's histories. */
export type PayloadStore = {
  /** Once written it is on disk: nothing else holds it. @throws Problem DATABASE_UNAVAILABLE */
  readonly put: (payloads: readonly StoredPayload[]) => Promise<void>;
  /** In the order of the keys; undefined where there is none. @throws Problem DATABASE_UNAVAILABLE */
  readonly get: (keys: readonly PayloadKey[]) => Promise<readonly (StoredPayload | undefined)[]>;
};

export function createPayloadStore(database: Database): PayloadStore {
  return {
    put: (payloads) =>
      database.asEngine(async (session) => {
        // In one order, so that two who store the same don't wait for each other in a circle.
        const sorted = [...payloads].sort((a, b) => (a.hash < b.hash ? -1 : 1));
        for (const { tenant, executionId, hash, content, contentType } of sorted) {
          await session
            .insertInto('payloads')
            .values({
              tenant_id: tenant,
              execution_id: executionId,
              hash: Buffer.from(hash, 'hex'),
              content,
              content_type: contentType,
            })
            .onConflict((conflict) => conflict.constraint('payloads_content').doNothing())
            .execute();
        }
      }),
    get: (keys) =>
      database.asEngine(async (session) => {
        const { rows } = await sql<{ content: Buffer | null; contentType: string | null }>`
          select p.content, p.content_type as "contentType"
          from unnest(
            ${keys.map(({ tenant }) => tenant)}::text[],
            ${keys.map(({ executionId }) => executionId)}::text[],
            ${keys.map(({ hash }) => hash)}::text[]
          ) with ordinality as k (tenant_id, execution_id, hash, nr)
          left join weft.payloads p on p.tenant_id = k.tenant_id and p.execution_id = k.execution_id
            and p.hash = decode(k.hash, 'hex')
          order by k.nr`.execute(session);
        return keys.map((key, index) => {
          const { content = null, contentType = null } = rows[index] ?? {};
          return content === null || contentType === null ? undefined : { ...key, content, contentType };
        });
      }),
  };
}
