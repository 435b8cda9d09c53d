-- The data-processing engine's tables, live and archived, and what inserting, updating and deleting there means.
set local role weft_views;

create or replace view engine.workflow_executions as
select
  e.id as execution_id,
  e.definition_id as workflow_id,
  e.input as input_data,
  engine.execution_status_of(e.status, e.redrive_of) as status,
  e.start_time,
  e.end_time,
  e.created_at,
  e.error_code,
  e.error_detail,
  e.triggered_by as created_by,
  e.updated_at
from weft_sql.workflow_executions e;

create or replace view engine.workflow_states as
select s.id as state_id, s.execution_id, s.state as state_data, s.created_at
from weft_sql.workflow_states s;

create or replace view engine.task_executions as
select
  t.id as task_execution_id,
  t.execution_id,
  t.task_id,
  engine.task_status_of(t.status) as status,
  t.result,
  t.start_time,
  t.end_time,
  t.created_at,
  t.error_code,
  t.error_detail,
  t.retry_count,
  t.max_retries
from weft_sql.task_executions t;

create view engine.execution_statistics as
select
  s.id as stat_id,
  s.definition_id as workflow_id,
  s.stat_date,
  s.stat_hour,
  s.total as total_executions,
  s.successful as successful_executions,
  s.failed as failed_executions,
  s.avg_duration_ms,
  s.created_at
from weft.execution_statistics s;
comment on view engine.execution_statistics is 'By hour, and by day where stat_hour is null; UTC, by when executions were accepted.';

alter view engine.workflow_definitions alter column status set default 'active';
alter view engine.workflow_executions alter column status set default 'pending';

create function engine.write_definition() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  saved weft.workflow_definitions;
begin
  if tg_op = 'DELETE' then
    perform weft_sql.remove_definition(old.workflow_id);
    return old;
  end if;
  if new.status is null or new.status not in ('active', 'draft', 'inactive', 'deleted')
    or (tg_op = 'INSERT' and new.status = 'deleted') then
    raise exception 'the status of a definition is active, draft or inactive' using errcode = 'check_violation';
  end if;
  if tg_op = 'INSERT' then
    perform weft_sql.need(new.name, 'name'), weft_sql.need(new.definition_json, 'definition_json');
    saved := weft_sql.save_version(
      null, new.name, null, new.version, null, new.workflow_id, new.definition_json, null,
      weft_sql.dialect_of(new.definition_json), case new.status when 'draft' then 'draft' else 'published' end,
      new.status = 'active', null, new.created_by);
    if new.status = 'inactive' then
      perform weft_sql.activate(saved.id, false);
    end if;
    select v.* into new from engine.workflow_definitions v where v.workflow_id = saved.id;
    return new;
  end if;
  perform weft_sql.allow_changes(to_jsonb(old), to_jsonb(new), 'status', 'definition_json', 'updated_at');
  if new.definition_json is distinct from old.definition_json then
    perform weft_sql.change_draft(old.workflow_id, new.definition_json);
  end if;
  if new.status <> old.status then
    case new.status
      when 'active' then
        if old.status = 'draft' then perform weft_sql.publish(old.workflow_id);
        else perform weft_sql.activate(old.workflow_id, true);
        end if;
      when 'inactive' then perform weft_sql.activate(old.workflow_id, false);
      when 'deleted' then perform weft_sql.hide_workflow_of(old.workflow_id);
      else perform weft_sql.refuse('a published version can''t become a draft', 'Insert a new version as a draft.');
    end case;
  end if;
  select v.* into new from engine.workflow_definitions v where v.workflow_id = old.workflow_id;
  return new;
end $$;

create function engine.write_execution() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  started weft.workflow_executions;
begin
  if tg_op = 'DELETE' then
    perform weft_sql.remove_execution(old.execution_id);
    return old;
  end if;
  if tg_op = 'UPDATE' then
    perform weft_sql.allow_changes(to_jsonb(old), to_jsonb(new), 'status', 'updated_at');
    if new.status is distinct from old.status then
      perform weft_sql.change_status(old.execution_id, new.status);
    end if;
    return old;
  end if;
  perform weft_sql.allow_values(to_jsonb(new), 'execution_id', 'workflow_id', 'input_data', 'status', 'created_by');
  perform weft_sql.need(new.workflow_id, 'workflow_id'), weft_sql.begin_as('pending', new.status);
  started := weft_sql.start_execution(
    new.execution_id, new.workflow_id, null, new.input_data, new.created_by, null, null, null, null);
  select v.* into new from engine.workflow_executions v where v.execution_id = started.id;
  return new;
end $$;

create or replace function engine.refuse_write() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception '%.% can only be read', tg_table_schema, tg_table_name
    using errcode = 'feature_not_supported', hint = 'The engine writes it, from what executions really do.';
end $$;

drop trigger refuse_write on engine.workflow_definitions;
drop trigger refuse_write on engine.workflow_executions;
create trigger write_definition instead of insert or update or delete on engine.workflow_definitions
  for each row execute function engine.write_definition();
create trigger write_execution instead of insert or update or delete on engine.workflow_executions
  for each row execute function engine.write_execution();
create trigger refuse_write instead of insert or update or delete on engine.execution_statistics
  for each row execute function engine.refuse_write();

grant usage on schema engine to weft_sql;
grant select on engine.execution_statistics to weft_app, weft_readonly;
grant select, insert, update, delete on all tables in schema engine to weft_sql, weft_app;

comment on view engine.workflow_definitions is 'Versions of workflows; an insert saves one, the starter compiles it before it first runs.';
comment on view engine.workflow_executions is 'Executions; an insert starts one when it commits, status takes paused, resumed and cancelled.';
comment on view engine.workflow_states is 'Snapshots of executions, as the engine takes them.';
comment on view engine.task_executions is 'Tasks of executions, each once, with its last attempt.';
comment on column engine.workflow_executions.workflow_id is 'A version of a workflow: engine.workflow_definitions.workflow_id.';
