import type { Pool } from 'pg';

/** Where facts about the run, and what it is told to do, stand beside Weft's own tables. */
const CHAOS = `
create schema chaos;

-- One row while statements are to fail: so many of 1 of them, with this SQLSTATE.
create table chaos.injection (sqlstate text not null, probability float8 not null);
create function chaos.fail_sometimes() returns trigger language plpgsql security definer as $$
declare
  state text;
begin
  select sqlstate into state from chaos.injection where random() < probability;
  if state is not null then
    raise exception 'injected by chaos' using errcode = state;
  end if;
  return null;
end $$;

-- Each change of an execution, and each change that made the order of a row less than it was.
create table chaos.journal (
  id text not null, at timestamptz not null default clock_timestamp(),
  old_status text, new_status text, old_authority int, new_authority int, old_epoch int, new_epoch int, end_time timestamptz
);
create index on chaos.journal (id, at);
create function chaos.note() returns trigger language plpgsql security definer as $$
begin
  insert into chaos.journal (id, old_status, new_status, old_authority, new_authority, old_epoch, new_epoch, end_time)
  values (coalesce(new.id, old.id), old.status, new.status, old.authority, new.authority, old.epoch, new.epoch, new.end_time);
  return null;
end $$;
create trigger note after insert or update or delete on weft.workflow_executions
  for each row execute function chaos.note();

create table chaos.order_drops (at timestamptz not null default clock_timestamp(), what text not null, was text, came text);
create function chaos.note_drop() returns trigger language plpgsql security definer as $$
begin
  insert into chaos.order_drops (what, was, came) values (
    tg_table_name || ' ' || coalesce(to_jsonb(new)->>'execution_id' || ' ' || (to_jsonb(new)->>'path'), to_jsonb(new)->>'id'),
    concat_ws(',', old.epoch, old.authority, old.ord, old.attempt, old.state_rank) || ' ' || old.status,
    concat_ws(',', new.epoch, new.authority, new.ord, new.attempt, new.state_rank) || ' ' || new.status
  );
  return null;
end $$;
`;

/** Statements on them may be made to fail. */
const FAILING = [
  'workflow_executions',
  'task_executions',
  'task_attempts',
  'approvals',
  'events',
  'event_waits',
  'commands',
  'idempotency_keys',
  'leases',
];

/** Rows of them have an order. An attempt that shows a greater number than its order's keeps that apart. */
const ORDERED: { readonly [table: string]: (row: string) => string } = {
  workflow_executions: (row) => `(${row}.epoch, ${row}.authority, ${row}.ord, ${row}.attempt, ${row}.state_rank)`,
  task_executions: (row) =>
    `(${row}.epoch, ${row}.authority, ${row}.ord, coalesce((${row}.field_orders->>'attempt')::int, ${row}.attempt), ${row}.state_rank)`,
};

/** Adds the journal of changes, the watch over orders, and the trigger by which statements can be made to fail. */
export async function prepareDatabase(database: Pool): Promise<void> {
  await database.query(CHAOS);
  for (const table of FAILING) {
    await database.query(
      `create trigger fail_sometimes before insert or update on weft.${table}
         for each statement execute function chaos.fail_sometimes()`,
    );
  }
  for (const [table, orderOf] of Object.entries(ORDERED)) {
    await database.query(
      `create trigger order_drops after update on weft.${table} for each row
         when (${orderOf('new')} < ${orderOf('old')}) execute function chaos.note_drop()`,
    );
  }
}
