import type { Config } from '../config.ts';
import type { CatalogEntry } from '../definition/compile.ts';
import type { Logger } from '../log.ts';
import type { Changes } from '../mirror/changes.ts';
import type { StartNotes } from '../operations/start-notes.ts';
import type { Wakeup } from '../operations/wakeup.ts';
import type { Reconciler } from '../reconcile/index.ts';
import type { Database } from '../store/database.ts';
import type { KnownKey } from '../store/known-key.ts';
import type { KeyHolder } from '../store/keys.ts';
import type { Temporal } from '../temporal/client.ts';
import type { Permission } from '../permissions.ts';

/** What the API is made of; composed in `server.ts`, and by each test for itself. */
export type Services = {
  readonly database: Database;
  readonly temporal: Temporal;
  readonly catalog: readonly (CatalogEntry & { readonly description: string })[];
  readonly config: Pick<
    Config,
    'WEFT_BODY_LIMIT' | 'WEFT_TASK_QUEUE' | 'WEFT_LOCAL_ACTIVITIES' | 'TEMPORAL_NAMESPACE' | 'TEMPORAL_UI'
  >;
  readonly log: Logger;
  readonly changes: Changes;
  readonly startNotes: StartNotes;
  readonly reconciler: Pick<Reconciler, 'confirm' | 'doubt' | 'lag' | 'verify' | 'repair'>;
  /** Aborted when the process stops: open streams end then. */
  readonly stopping: AbortSignal;
};

/** Who calls, and what they may do. */
export type Principal = Pick<KeyHolder, 'tenant' | 'userId' | 'username' | 'email' | 'roles' | 'groups'> & {
  readonly permissions: ReadonlySet<Permission>;
  /** What is yet to be confirmed; undefined where the key was looked up. */
  readonly key?: KnownKey;
};

/** A definition as it was sent. */
export type Source = { readonly text: string; readonly format: 'json' | 'yaml' };

/** What `c.get` and `c.set` know. */
export type ApiEnv = {
  Variables: {
    services: Services;
    requestId: string;
    principal: Principal;
    /** Set once the whole body was taken from the connection. */
    bodyWasRead: boolean | undefined;
    /** The body of a route declared with `body: 'definition'`. */
    source: Source;
    /** The `Idempotency-Key` header of a POST; derive ids from (tenant, user, key), so that a repeat after a crash makes nothing twice. */
    idempotencyKey: string | undefined;
    /** Of the execution that this request has accepted, where its end is waited for: from before it could begin. */
    wakeup: Wakeup | undefined;
  };
};
