-- The data-processing workflow engine's tables, by its own names. Ids are text and times have a zone, as in the core.
create schema engine authorization weft_views;
comment on schema engine is 'The data-processing workflow engine''s tables as views.';

set local role weft_views;
grant usage on schema engine to weft_app, weft_readonly;

create type engine.execution_status as enum ('pending', 'running', 'success', 'failed', 'cancelled', 'retry');
create type engine.task_status as enum ('pending', 'running', 'success', 'failed', 'skipped', 'timeout');

-- The columns are text and not of these types: comparing enums isn't leakproof, and under row-level security that means no index.
create function engine.execution_status_of(status text, redrive_of text) returns text
language sql immutable parallel safe
return case
  when status = 'pending' and redrive_of is not null then 'retry'
  when status = 'paused' then 'running'
  when status = 'timeout' then 'failed'
  else status
end;

create function engine.task_status_of(status text) returns text
language sql immutable parallel safe
return case
  when status in ('waiting', 'retry') then 'running'
  when status = 'cancelled' then 'skipped'
  else status
end;

grant execute on all functions in schema engine to public;

create view engine.workflow_definitions as
select
  d.id as workflow_id,
  w.name,
  d.version,
  d.body as definition_json,
  case
    when w.deleted_at is not null then 'deleted'
    when d.state = 'draft' then 'draft'
    when d.is_active then 'active'
    else 'inactive'
  end as status,
  d.created_by,
  d.created_at,
  d.updated_at
from weft.workflow_definitions d
join weft.workflows w on w.tenant_id = d.tenant_id and w.id = d.workflow_id;
comment on column engine.workflow_definitions.workflow_id is 'A version of a workflow: the core''s workflow_definitions.id.';

create view engine.workflow_executions as
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
from weft.workflow_executions e;

create view engine.workflow_states as
select s.id as state_id, s.execution_id, s.state as state_data, s.created_at
from weft.workflow_states s;

create view engine.task_executions as
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
from weft.task_executions t;

create function engine.refuse_write() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception '%.% can only be read', tg_table_schema, tg_table_name
    using errcode = 'feature_not_supported',
      hint = 'Definitions are saved with PUT /api/v1/workflows/{name}, executions started with POST /api/v1/executions.';
end $$;
do $$
declare
  name text;
begin
  foreach name in array array['workflow_definitions', 'workflow_executions', 'workflow_states', 'task_executions'] loop
    execute format('create trigger refuse_write instead of insert or update or delete on engine.%I
      for each row execute function engine.refuse_write()', name);
  end loop;
end $$;
grant select on all tables in schema engine to weft_app, weft_readonly;
