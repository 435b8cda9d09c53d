set local role weft_views;
revoke all on all tables in schema engine from weft_sql;
revoke insert, update, delete on all tables in schema engine from weft_app;
revoke usage on schema engine from weft_sql;
drop trigger write_definition on engine.workflow_definitions;
drop trigger write_execution on engine.workflow_executions;
drop function engine.write_definition(), engine.write_execution();
drop view engine.execution_statistics;
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
from weft.workflow_executions e;
create or replace view engine.workflow_states as
select s.id as state_id, s.execution_id, s.state as state_data, s.created_at
from weft.workflow_states s;
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
from weft.task_executions t;
alter view engine.workflow_definitions alter column status drop default;
alter view engine.workflow_executions alter column status drop default;
create or replace function engine.refuse_write() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception '%.% can only be read', tg_table_schema, tg_table_name
    using errcode = 'feature_not_supported',
      hint = 'Definitions are saved with PUT /api/v1/workflows/{name}, executions started with POST /api/v1/executions.';
end $$;
create trigger refuse_write instead of insert or update or delete on engine.workflow_definitions
  for each row execute function engine.refuse_write();
create trigger refuse_write instead of insert or update or delete on engine.workflow_executions
  for each row execute function engine.refuse_write();
comment on view engine.workflow_definitions is null;
comment on view engine.workflow_executions is null;
comment on view engine.workflow_states is null;
comment on view engine.task_executions is null;
comment on column engine.workflow_executions.workflow_id is null;
