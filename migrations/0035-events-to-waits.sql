-- Events on their way to the tasks that wait for them.
set local role weft_owner;

alter table weft.events
  alter column expires_at set default now() + interval '7 days',
  -- The text of a number can be longer than what was sent.
  add column size int not null generated always as (octet_length(data::text)) stored,
  add column routed_at timestamptz,
  add constraint events_name_check1 check (char_length(name) <= 128 and name !~ '[\u0001-\u001f\u007f-\u009f]'),
  add constraint events_key_check check (char_length(key) <= 256),
  add constraint events_size_check check (size <= 1000000);
comment on column weft.events.size is 'Of data, bytes; at most 1,000,000.';
comment on column weft.events.routed_at is 'When the waits open then were given it; null: soon. Waits that open later find it themselves.';
create index events_to_route on weft.events (tenant_id, created_at, id) where routed_at is null;
create index events_created_at on weft.events (tenant_id, created_at desc, id desc);
create index events_key on weft.events (tenant_id, key, name, created_at, id) where key is not null;
comment on column weft.events.source is 'Where it came from: api, sql, or emit and the execution whose task sent it.';
comment on column weft.events.dedupe_key is 'The sender''s own id of it: a second one is the same event. What begins with api: or emit: is the engine''s.';

alter table weft.event_deliveries
  add column event_created_at timestamptz not null,
  add column sent_at timestamptz,
  add column taken boolean not null default false;
comment on table weft.event_deliveries is 'Which waiting task is or was given which event; what it didn''t take goes when its wait ends.';
comment on column weft.event_deliveries.at is 'When it was found to be for this task.';
comment on column weft.event_deliveries.event_created_at is 'The event''s created_at: an execution gets its events in that order.';
comment on column weft.event_deliveries.sent_at is 'When the execution was told; null: it is still to be.';
comment on column weft.event_deliveries.taken is 'The task has ended with it: later waits of the execution don''t get it.';
create index event_deliveries_unsent on weft.event_deliveries (tenant_id, execution_id, event_created_at, event_id) where sent_at is null;
-- Of an execution: those of one task, and those it took.
drop index weft.event_deliveries_execution;
create index event_deliveries_execution on weft.event_deliveries (tenant_id, execution_id, path, event_created_at, event_id);

alter table weft.event_waits
  add column registered_at timestamptz not null default now(),
  add column ended_at timestamptz,
  add column early_at timestamptz,
  add column early_id text,
  add constraint event_waits_name_check1 check (char_length(name) <= 128),
  add constraint event_waits_key_check check (char_length(key) <= 256),
  add constraint event_waits_early_check check ((early_at is null) = (early_id is null));
comment on column weft.event_waits.count is 'How many events it waits for.';
comment on column weft.event_waits.taken is 'How many it was given that it will take (of one with where_expression: that it took, once it has ended).';
comment on column weft.event_waits.registered_at is 'When Temporal was asked to register it, by its clock: after a reset, a later one begins it anew.';
comment on column weft.event_waits.ended_at is 'Null: it is open.';
comment on column weft.event_waits.early_at is 'Of the events that came before it, those up to this time (and early_id) were given to it; null: all were.';
comment on column weft.event_waits.early_id is 'Of the last event that was given to it, where there are more; null: there are none.';
drop index weft.event_waits_name;
create index event_waits_open on weft.event_waits (tenant_id, name, key) where ended_at is null;
create index event_waits_behind on weft.event_waits (tenant_id, created_at) where ended_at is null and early_at is not null;

-- By SQL one says what happened; who says so, when and whence is not theirs to choose.
grant insert (name, key, data, dedupe_key) on weft.events to weft_sql;

create function weft.receive_event() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if pg_has_role(session_user, 'weft_app', 'member') then
    return new;
  end if;
  if new.dedupe_key ~ '^(api|emit):' then
    raise exception 'a dedupe_key that begins with api: or emit: is the engine''s' using errcode = 'check_violation',
      hint = 'Take an id of your own, such as that of the row which changed.';
  end if;
  new.source := 'sql';
  return new;
end $$;
comment on function weft.receive_event() is 'Trigger: an event that a login of the SQL surface inserts came by SQL.';
create trigger receive_event before insert on weft.events for each row execute function weft.receive_event();

create function weft.announce_events() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  perform pg_notify('weft_events', '');
  return null;
end $$;
comment on function weft.announce_events() is 'Trigger: wakes who hands events on to what waits for them (channel weft_events).';
create trigger announce_events after insert on weft.events
  for each statement execute function weft.announce_events();

grant create on schema weft to weft_engine;
set local role weft_engine;

create function weft.cleanup_events(days int, batch int default null, of_tenant text default null, out expired bigint, out deleted bigint)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  tenant text;
  gone bigint;
begin
  if days is null or days < 7 then
    raise exception 'events are kept for 7 days at least' using errcode = 'invalid_parameter_value',
      hint = 'For so long a task that begins to wait may still get one that came before.';
  end if;
  expired := 0;
  deleted := 0;
  -- Tenant by tenant: every index begins with it.
  for tenant in
    select u.tenant_id from weft.users u where u.id = 'system' and u.tenant_id = coalesce(of_tenant, u.tenant_id) order by 1
  loop
    with ended as (
      select w.id from weft.event_waits w
      join weft.workflow_executions e on e.tenant_id = w.tenant_id and e.id = w.execution_id
      where w.tenant_id = tenant and w.ended_at is null and e.authority = 2 and e.status in ('success', 'failed', 'cancelled', 'timeout')
      limit batch for update of w skip locked
    )
    update weft.event_waits w set ended_at = now(), early_at = null, early_id = null from ended
    where w.tenant_id = tenant and w.id = ended.id;
    delete from weft.event_deliveries d using weft.event_waits w
    where d.tenant_id = tenant and d.sent_at is null
      and w.tenant_id = tenant and w.execution_id = d.execution_id and w.path = d.path and w.ended_at is not null;
    with old as (
      select e.id from weft.events e
      where e.tenant_id = tenant and e.status = 'received' and e.routed_at is not null and e.expires_at < now()
      limit batch for update skip locked
    )
    update weft.events e set status = 'expired' from old where e.tenant_id = tenant and e.id = old.id;
    get diagnostics gone = row_count;
    expired := expired + gone;
    with old as (
      select e.id from weft.events e
      where e.tenant_id = tenant and e.created_at < now() - make_interval(days => days) and e.routed_at is not null
        and not exists (
          select from weft.event_deliveries d where d.tenant_id = tenant and d.event_id = e.id and d.sent_at is null
        )
      order by e.created_at limit batch for update skip locked
    )
    delete from weft.events e using old where e.tenant_id = tenant and e.id = old.id;
    get diagnostics gone = row_count;
    deleted := deleted + gone;
  end loop;
end $$;
comment on function weft.cleanup_events(int, int, text) is
  'Marks events that wake nobody any more as expired and deletes those older than so many days (7 at least), at most so many per tenant; ends waits of executions that are over. Of one tenant or of all.';
revoke execute on function weft.cleanup_events(int, int, text) from public;
set local role weft_owner;
revoke create on schema weft from weft_engine;
