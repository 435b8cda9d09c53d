-- The Gaia workflow backend's tables, written for MySQL and SQLite: integer ids, flags of 0 and 1, JSON as text.
create schema gaia authorization weft_views;
comment on schema gaia is 'The Gaia workflow backend''s tables as views.';

set local role weft_views;

create function gaia.log_status_of(status text) returns text
language sql immutable parallel safe
return case
  when status in ('pending', 'paused', 'running') then 'running'
  when status = 'success' then 'success'
  else 'failed'
end;
grant execute on function gaia.log_status_of(text) to public;

create view gaia.gaia_workflow_template as
select
  t.seq as id,
  t.code as template_code,
  t.name as template_name,
  t.description as template_desc,
  t.body::text as template_data,
  t.created_at,
  t.updated_at,
  (t.deleted_at is not null)::int::smallint as is_deleted
from weft.workflow_templates t;

create view gaia.gaia_workflow as
select
  w.seq as id,
  w.name as workflow_code,
  w.title as workflow_name,
  w.description as workflow_desc,
  d.seq as current_version_id,
  t.code as template_code,
  w.created_at,
  w.updated_at,
  (w.deleted_at is not null)::int::smallint as is_deleted
from weft.workflows w
left join weft.workflow_definitions d on d.tenant_id = w.tenant_id and d.id = w.current_definition_id
left join weft.workflow_templates t on t.tenant_id = w.tenant_id and t.id = w.template_id;

create view gaia.gaia_workflow_version as
select
  d.seq as id,
  w.name as workflow_code,
  d.version as version_number,
  d.change_summary as version_desc,
  d.body::text as workflow_data,
  d.created_by,
  d.created_at,
  coalesce(d.id = w.current_definition_id, false)::int::smallint as is_current
from weft.workflow_definitions d
join weft.workflows w on w.tenant_id = d.tenant_id and w.id = d.workflow_id;

create view gaia.gaia_workflow_log as
select
  e.seq as id,
  w.name as workflow_code,
  d.version as version_number,
  e.id as execution_id,
  e.start_time,
  e.end_time,
  gaia.log_status_of(e.status) as status,
  e.input::text as input_params,
  e.output::text as output_params,
  case when e.error_detail is null then e.error_code else coalesce(e.error_code || ': ', '') || e.error_detail end
    as error_message,
  e.duration_ms as execution_duration,
  e.created_at
from weft_sql.workflow_executions e
left join weft.workflows w on w.tenant_id = e.tenant_id and w.id = e.workflow_id
left join weft.workflow_definitions d on d.tenant_id = e.tenant_id and d.id = e.definition_id;

alter view gaia.gaia_workflow_template alter column is_deleted set default 0;
alter view gaia.gaia_workflow alter column is_deleted set default 0;
alter view gaia.gaia_workflow_version alter column is_current set default 0;

comment on view gaia.gaia_workflow_template is 'Definitions from which workflows are made.';
comment on view gaia.gaia_workflow is 'Workflows; an insert adds one, which can start once it has a current version.';
comment on view gaia.gaia_workflow_version is 'Versions of workflows; an insert saves one, with is_current 1 it is the one that starts.';
comment on view gaia.gaia_workflow_log is 'Executions; an insert starts one when it commits, status cancelled cancels it.';
comment on column gaia.gaia_workflow_template.template_data is 'JSON as text.';
comment on column gaia.gaia_workflow_template.is_deleted is '0 or 1; setting it deletes, and brings back.';
comment on column gaia.gaia_workflow.is_deleted is '0 or 1; setting it deletes, and brings back.';
comment on column gaia.gaia_workflow.current_version_id is 'gaia_workflow_version.id of the version that starts.';
comment on column gaia.gaia_workflow_version.workflow_data is 'JSON as text; of a definition written as YAML, the same as JSON.';
comment on column gaia.gaia_workflow_version.is_current is '0 or 1; setting it to 1 takes it from the version that had it.';
comment on column gaia.gaia_workflow_log.status is 'running, also before it runs and while it is paused; success; failed, also when it was cancelled.';
comment on column gaia.gaia_workflow_log.execution_duration is 'In ms.';

grant usage on schema gaia to weft_app, weft_readonly, weft_sql;
grant select on all tables in schema gaia to weft_readonly;
grant select, insert, update, delete on all tables in schema gaia to weft_app, weft_sql;
