import type { Json } from '../contract.ts';
import { Problem } from '../problem.ts';
import { audit } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import { readExecution } from './read-executions.ts';

type Who = { readonly tenant: string; readonly userId: string };

/** What Temporal's histories say of an execution against what the mirror does; see `reconcile/verify-execution.ts`. */
export type Verified = {
  readonly id: string;
  readonly state: 'open' | 'ended' | 'forgotten';
  readonly agrees: boolean;
  readonly differences: readonly {
    readonly path: string | null;
    readonly field: string;
    readonly temporal: Json;
    readonly mirror: Json;
  }[];
};

/** Who compares, as histories are replayed for it. */
export type Verifier = {
  readonly verify: (tenant: string, id: string) => Promise<Verified | undefined>;
  readonly repair: (
    tenant: string,
    id: string,
  ) => Promise<{ readonly before: Verified; readonly after: Verified } | undefined>;
};
type Parts = { readonly database: Database; readonly reconciler: Verifier };

/** @throws Problem NOT_FOUND, TEMPORAL_UNAVAILABLE, DATABASE_UNAVAILABLE */
export async function verifyMirror({ database, reconciler }: Parts, who: Who, id: string): Promise<Verified> {
  await readExecution(database, who, id);
  const found = await reconciler.verify(who.tenant, id);
  if (!found) throw new Problem('NOT_FOUND', `There is no execution '${id}'.`);
  return found;
}

/**
 * Makes the mirror of one execution what Temporal's histories say, for the record.
 * @returns what was different and what still is
 * @throws Problem NOT_FOUND, TEMPORAL_UNAVAILABLE, DATABASE_UNAVAILABLE
 */
export async function repairMirror(
  { database, reconciler }: Parts,
  who: Who,
  { id, requestId }: { readonly id: string; readonly requestId: string },
): Promise<{ readonly before: Verified; readonly after: Verified }> {
  await readExecution(database, who, id);
  const repaired = await reconciler.repair(who.tenant, id);
  if (!repaired) throw new Problem('NOT_FOUND', `There is no execution '${id}'.`);
  if (!repaired.before.agrees) {
    const changes = { before: { differences: repaired.before.differences as unknown as Json } };
    await database.asApp(who, (session) =>
      audit(session, {
        ...{ userId: who.userId, action: 'edit', resourceType: 'execution', resourceId: id },
        ...{ changes, requestId },
      }),
    );
  }
  return repaired;
}
