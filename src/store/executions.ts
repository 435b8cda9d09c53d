import { sql } from 'kysely';
import type { ExecutionStatus, Json } from '../contract.ts';
import type { Session } from './database.ts';
import { createKept } from './kept.ts';
import { keepQuery } from './kept-query.ts';
import { isLeftToAcceptor } from './left-to-acceptor.ts';

/** What is needed to start an execution of a definition. */
export type Startable = {
  readonly definitionId: string;
  readonly workflowId: string;
  /** Name of the workflow. */
  readonly workflow: string;
  readonly title: string;
  /** Of the workflow. */
  readonly status: string;
  readonly version: string;
  readonly state: string;
  /** JSON Schema; null = any input will do. */
  readonly inputSchema: Json;
};

/** Current versions by tenant and workflow, as they were when they were looked up. */
const currents = createKept<Startable>(500);

/** The current version as it was when this process looked last: an execution of it has to ask whether it still is. */
export function keptStartable(tenant: string, workflow: string): Startable | undefined {
  return currents.get(`${tenant}/${workflow}`);
}

/** The version to start, without `version` the current one; undefined where there is none or the workflow is deleted. */
export async function findStartable(
  session: Session,
  tenant: string,
  workflow: string,
  version?: string,
): Promise<Startable | undefined> {
  if (version !== undefined) return (await findVersion(session, tenant, workflow, version))[0];
  const [current] = await findCurrent(session, tenant, workflow);
  const key = `${tenant}/${workflow}`;
  // A draft may change.
  if (current?.state === 'published') currents.set(key, current);
  else currents.forget(key);
  return current;
}

const findCurrent = keepQuery((session, tenant: string, workflow: string) =>
  startable(session, tenant, workflow).whereRef('d.id', '=', 'w.current_definition_id'),
);
const findVersion = keepQuery((session, tenant: string, workflow: string, version: string) =>
  startable(session, tenant, workflow).where('d.version', '=', version),
);

function startable(session: Session, tenant: string, workflow: string) {
  return session
    .selectFrom('workflow_definitions as d')
    .innerJoin('workflows as w', (join) =>
      join.onRef('w.tenant_id', '=', 'd.tenant_id').onRef('w.id', '=', 'd.workflow_id'),
    )
    .select([
      'd.id as definitionId',
      'w.id as workflowId',
      'w.name as workflow',
      'w.title',
      'w.status',
      'd.version',
      'd.state',
    ])
    .select(sql<Json>`d.body -> 'input'`.as('inputSchema'))
    .where('d.tenant_id', '=', tenant)
    .where('w.name', '=', workflow)
    .where('w.deleted_at', 'is', null);
}

/** Whether the execution with that id was accepted under that request key. */
export async function isOfRequest(session: Session, tenant: string, id: string, requestKey: string): Promise<boolean> {
  const found = await session
    .selectFrom('workflow_executions')
    .select('id')
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .where(sql<boolean>`metadata ->> 'requestKey' = ${requestKey}`)
    .executeTakeFirst();
  return found !== undefined;
}

/** Where an execution stands, as commands need it. */
export type Standing = {
  readonly status: ExecutionStatus;
  readonly runId: string | null;
  readonly authority: number;
  /** Whoever accepted it may be starting it at this moment. */
  readonly isLeftToAcceptor: boolean;
};

/** Locks an execution's row and says where it stands; whoever starts it at this moment is waited for. */
export async function lockStanding(session: Session, tenant: string, id: string): Promise<Standing | undefined> {
  return (await standing(session, tenant, id).forNoKeyUpdate().executeTakeFirst()) as Standing | undefined;
}

/** Where an execution stands, without locking it. */
export async function findStanding(session: Session, tenant: string, id: string): Promise<Standing | undefined> {
  return (await findPlace(session, tenant, id))[0] as Standing | undefined;
}

const findPlace = keepQuery((session, tenant: string, id: string) => standing(session, tenant, id));

function standing(session: Session, tenant: string, id: string) {
  return session
    .selectFrom('workflow_executions as e')
    .select(['e.status', 'e.temporal_run_id as runId', 'e.authority'])
    .select(isLeftToAcceptor('e').as('isLeftToAcceptor'))
    .where('e.tenant_id', '=', tenant)
    .where('e.id', '=', id);
}
