set local role weft_engine;
drop function weft.cleanup_events(int, int, text);
set local role weft_owner;
drop trigger announce_events on weft.events;
drop function weft.announce_events();
drop trigger receive_event on weft.events;
drop function weft.receive_event();
revoke insert (name, key, data, dedupe_key) on weft.events from weft_sql;
drop index weft.event_waits_behind, weft.event_waits_open;
create index event_waits_name on weft.event_waits (tenant_id, name, key);
alter table weft.event_waits drop constraint event_waits_key_check, drop constraint event_waits_name_check1, drop column early_id, drop column early_at, drop column ended_at, drop column registered_at;
comment on column weft.event_waits.count is 'How many events it waits for; taken is how many came.';
comment on column weft.event_waits.taken is 'How many of count have come.';
drop index weft.event_deliveries_execution, weft.event_deliveries_unsent;
create index event_deliveries_execution on weft.event_deliveries (tenant_id, execution_id);
alter table weft.event_deliveries drop column taken, drop column sent_at, drop column event_created_at;
comment on table weft.event_deliveries is 'Which task of which execution got which event.';
comment on column weft.event_deliveries.at is 'When the execution got it.';
drop index weft.events_key, weft.events_created_at, weft.events_to_route;
alter table weft.events
  alter column expires_at drop default,
  drop constraint events_size_check, drop constraint events_key_check, drop constraint events_name_check1,
  drop column routed_at, drop column size;
comment on column weft.events.source is 'Where it came from: api, sql, an emit task''s execution.';
comment on column weft.events.dedupe_key is 'The sender''s own id of it: a second one is the same event.';
