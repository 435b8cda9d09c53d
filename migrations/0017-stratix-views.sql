-- @stratix/tasks: its document names tables and some of their columns; the rest is named as in the core.
create schema stratix authorization weft_views;
comment on schema stratix is 'The tables of @stratix/tasks as views.';

set local role weft_views;

create function stratix.instance_status_of(status text) returns text
language sql immutable parallel safe
return case when status = 'success' then 'completed' when status = 'timeout' then 'failed' else status end;

create function stratix.task_status_of(status text) returns text
language sql immutable parallel safe
return case
  when status in ('waiting', 'retry') then 'running'
  when status = 'success' then 'completed'
  when status = 'timeout' then 'failed'
  when status = 'cancelled' then 'skipped'
  else status
end;

create function stratix.task_type_of(type text) returns text
language sql immutable parallel safe
return case
  when type in ('condition', 'switch') then 'condition'
  when type in ('parallel', 'foreach') then 'parallel'
  when type in ('sequential', 'loop', 'try') then 'sequential'
  when type = 'sub_workflow' then 'sub_workflow'
  else 'executor'
end;

create view stratix.workflow_definitions as
select
  d.id,
  w.name,
  d.version,
  w.description,
  w.category,
  w.tags,
  d.body as definition_json,
  d.is_active,
  d.created_by,
  d.created_at,
  d.updated_at
from weft.workflow_definitions d
join weft.workflows w on w.tenant_id = d.tenant_id and w.id = d.workflow_id
where w.deleted_at is null;

create view stratix.workflow_definition_history as
select h.id, h.workflow_id, h.definition_id, h.from_definition_id, h.action, h.before, h.after, h.reason, h.changed_by,
  h.changed_at
from weft.workflow_definition_history h;

create view stratix.workflow_instances as
select
  e.id,
  e.definition_id,
  stratix.instance_status_of(e.status) as status,
  e.input as input_data,
  e.output as output_data,
  e.context as context_data,
  e.correlation_id,
  e.priority,
  e.error_code,
  e.error_detail,
  e.triggered_by as created_by,
  e.start_time as started_at,
  e.end_time as completed_at,
  e.created_at,
  e.updated_at,
  e.archived_at
from weft_sql.workflow_executions e;

create view stratix.task_instances as
select
  t.id,
  t.execution_id as instance_id,
  t.task_id,
  coalesce(t.title, t.task_id) as task_name,
  stratix.task_type_of(t.type) as task_type,
  stratix.task_status_of(t.status) as status,
  t.dependencies,
  t.execution_order,
  t.input as input_data,
  t.result as output_data,
  t.error_code,
  t.error_detail,
  t.retry_count,
  t.max_retries,
  t.start_time as started_at,
  t.end_time as completed_at,
  t.created_at,
  t.updated_at
from weft_sql.task_executions t;

create view stratix.execution_history as
select
  h.id,
  h.execution_id as instance_id,
  case when h.path is not null then weft.task_row_id(h.tenant_id, h.execution_id, h.path) end as task_instance_id,
  h.event_type,
  h.data as event_data,
  h.actor,
  h.created_at
from weft.execution_history h;

create view stratix.workflow_schedules as
select s.id, s.workflow_id, s.definition_id, s.name, s.trigger_type, s.cron, s.interval_ms, s.event_name, s.event_filter,
  s.time_zone, s.input, s.is_active, s.overlap, s.catchup_ms, s.jitter_ms, s.start_at, s.end_at, s.next_run_at,
  s.last_run_at, s.missed_count, s.created_by, s.created_at, s.updated_at
from weft.workflow_schedules s;

create view stratix.performance_metrics as
select m.id, m.entity_type, m.entity_id, m.granularity, m.bucket, m.samples, m.success, m.failed, m.retries, m.min_ms,
  m.max_ms, m.sum_ms, m.histogram, m.p50_ms as p50, m.p95_ms as p95, m.p99_ms as p99, m.cpu_ms, m.memory_mb_max, m.tokens, m.cost
from weft.performance_metrics m;

comment on view stratix.workflow_definitions is 'Versions of workflows; an insert saves one, the starter compiles it before it first runs.';
comment on view stratix.workflow_definition_history is 'Who changed which version, and how.';
comment on view stratix.workflow_instances is 'Executions; an insert starts one when it commits, status takes paused, resumed and cancelled.';
comment on view stratix.task_instances is 'Tasks of executions, each once, with its last attempt.';
comment on view stratix.execution_history is 'What happened to executions and their tasks: events named workflow_… and task_….';
comment on view stratix.workflow_schedules is 'When workflows are to start by themselves.';
comment on view stratix.performance_metrics is 'By hour and by day, of workflows, tasks and executors; times in ms.';
comment on column stratix.workflow_instances.definition_id is 'A version of a workflow: stratix.workflow_definitions.id.';
comment on column stratix.task_instances.dependencies is 'Task ids it waits for.';

grant usage on schema stratix to weft_app, weft_readonly, weft_sql;
-- Whoever reads a view calls what maps its columns.
grant execute on all functions in schema stratix to public;
grant select on all tables in schema stratix to weft_readonly;
grant select, insert, update, delete on all tables in schema stratix to weft_app, weft_sql;
