-- The IPA platform's tables, by its own names; "own workflows only" holds here for who acts for a user.
create schema ipa authorization weft_views;
comment on schema ipa is 'The IPA platform''s tables as views.';

set local role weft_owner;
-- Shown to members of weft_app alone: see ipa.users. agent_db has it too, which goes after this one.
grant select (password_hash) on weft.users to weft_views;

set local role weft_views;
create type ipa.workflow_status as enum ('draft', 'active', 'archived');
create type ipa.execution_status as enum ('pending', 'running', 'paused', 'completed', 'failed', 'cancelled');
create type ipa.step_status as enum ('pending', 'running', 'completed', 'failed', 'skipped');
create type ipa.log_level as enum ('debug', 'info', 'warning', 'error', 'critical');
create type ipa.agent_type as enum ('semantic_kernel', 'autogen', 'custom');
create type ipa.agent_status as enum ('active', 'inactive', 'deprecated');
create type ipa.audit_action as enum ('create', 'update', 'delete', 'login', 'logout', 'execute', 'cancel');

-- The document's two policies. Any session may set these: they are believed of the service alone, whose tenant is already checked.
create function ipa.own_user() returns text
language sql stable parallel restricted
return case when pg_has_role(session_user, 'weft_app', 'member')
    and lower(coalesce(current_setting('app.is_superuser', true), '')) <> 'true'
  then weft.current_user_id() end;
comment on function ipa.own_user() is
  'The user whose workflows alone this session sees: app.current_user_id of a member of weft_app, unless its app.is_superuser is true. Null is the whole tenant.';

create function ipa.own_workflows() returns text[]
language sql stable parallel restricted security definer
set search_path = pg_catalog, pg_temp
return array(select w.id from weft.workflows w where w.owner_id = (select ipa.own_user()));

create function ipa.shows_execution(execution text) returns boolean
language sql stable parallel restricted security definer
set search_path = pg_catalog, pg_temp
return exists (
  select from weft_sql.workflow_executions e
  where e.tenant_id = (select weft.current_tenant()) and e.id = execution
    and (e.triggered_by = (select ipa.own_user()) or e.workflow_id = any ((select ipa.own_workflows())::text[]))
);
comment on function ipa.shows_execution(text) is 'Whether an execution is of an own workflow, or was started by the user of the session.';

create function ipa.audit_action_of(action text) returns text
language sql immutable parallel safe
return case
  when action = 'terminate' then 'cancel'
  when action = 'redrive' then 'execute'
  when action in ('approve', 'reject', 'delegate', 'pause', 'resume', 'skip', 'edit') then 'update'
  else action
end;
grant execute on all functions in schema ipa to public;

create view ipa.users as
select
  u.id,
  u.email,
  u.username,
  u.name as full_name,
  case when pg_has_role(session_user, 'weft_app', 'member') then u.password_hash end as hashed_password,
  u.is_active,
  'admin' = any (u.roles) as is_superuser,
  u.created_at,
  u.updated_at,
  u.last_login_at
from weft.users u
where u.deleted_at is null;

create view ipa.workflows as
select
  w.id,
  w.title as name,
  w.description,
  w.owner_id as created_by,
  case when w.status = 'paused' then 'active' else w.status end as status,
  w.current_definition_id as current_version_id,
  w.tags,
  w.metadata,
  w.created_at,
  w.updated_at
from weft.workflows w
where w.deleted_at is null
  and case when (select ipa.own_user()) is null then true else w.owner_id = (select ipa.own_user()) end;

create view ipa.workflow_versions as
select
  d.id,
  d.workflow_id,
  d.number as version_number,
  d.body as definition,
  d.change_summary,
  d.created_by,
  d.created_at
from weft.workflow_definitions d
join weft.workflows w on w.tenant_id = d.tenant_id and w.id = d.workflow_id
where w.deleted_at is null
  and case when (select ipa.own_user()) is null then true else w.owner_id = (select ipa.own_user()) end;

create view ipa.executions as
select
  e.id,
  e.workflow_id,
  e.definition_id as workflow_version_id,
  e.triggered_by,
  stratix.instance_status_of(e.status) as status,
  e.input as input_data,
  e.output as output_data,
  case when e.error_detail is null then e.error_code else coalesce(e.error_code || ': ', '') || e.error_detail end
    as error_message,
  e.start_time as started_at,
  e.end_time as completed_at,
  e.duration_ms,
  e.redrive_number as retry_count,
  e.metadata,
  e.created_at,
  e.updated_at
from weft_sql.workflow_executions e
where case when (select ipa.own_user()) is null then true
  else e.triggered_by = (select ipa.own_user()) or e.workflow_id = any ((select ipa.own_workflows())::text[]) end;

create view ipa.execution_steps as
select
  t.id,
  t.execution_id,
  coalesce(t.title, t.task_id) as step_name,
  t.execution_order as step_index,
  case when t.executor in ('http', 'notify') then 'webhook' when t.executor = 'agent' then 'agent' else t.type end as step_type,
  stratix.task_status_of(t.status) as status,
  t.input as input_data,
  t.result as output_data,
  case when t.error_detail is null then t.error_code else coalesce(t.error_code || ': ', '') || t.error_detail end
    as error_message,
  t.start_time as started_at,
  t.end_time as completed_at,
  t.duration_ms,
  t.retry_count,
  t.created_at,
  t.updated_at
from weft_sql.task_executions t
where case when (select ipa.own_user()) is null then true else ipa.shows_execution(t.execution_id) end;

create view ipa.execution_logs as
select
  l.id,
  l.execution_id,
  weft.task_row_id(l.tenant_id, l.execution_id, l.path) as execution_step_id,
  l.level,
  l.message,
  l.context,
  l.created_at
from weft.execution_logs l
where l.execution_id is not null
  and case when (select ipa.own_user()) is null then true else ipa.shows_execution(l.execution_id) end;

create view ipa.agents as
select
  a.id,
  a.name,
  a.description,
  a.type,
  case when a.status = 'archived' then 'deprecated' else a.status end as status,
  a.configuration,
  a.system_prompt,
  a.model_name,
  (a.settings ->> 'temperature')::numeric as temperature,
  (a.settings ->> 'max_tokens')::numeric::int as max_tokens,
  a.owner_id as created_by,
  a.created_at,
  a.updated_at
from weft.agents a
where a.deleted_at is null
  and case when (select ipa.own_user()) is null then true else a.owner_id = (select ipa.own_user()) end;

create view ipa.agent_tools as
select t.id, t.agent_id, t.tool_name, t.tool_type, t.configuration, t.is_enabled, t.created_at, t.updated_at
from weft.agent_tools t
where exists (
  select from weft.agents a
  where a.tenant_id = t.tenant_id and a.id = t.agent_id and a.deleted_at is null
    and case when (select ipa.own_user()) is null then true else a.owner_id = (select ipa.own_user()) end
)
with check option;

create view ipa.audit_logs as
select
  l.id,
  l.user_id,
  ipa.audit_action_of(l.action) as action,
  l.resource_type,
  l.resource_id,
  l.changes,
  l.ip_address,
  l.user_agent,
  l.created_at
from weft.audit_logs l;

-- Without row-level security below, the tenant must be asked before whatever the reader asks.
create view ipa.workflow_execution_stats with (security_barrier) as
select s.workflow_id, s.total_executions, s.successful_count, s.failed_count, s.avg_duration_ms
from weft.workflow_execution_stats s
where s.tenant_id = (select weft.current_tenant())
  and case when (select ipa.own_user()) is null then true
    else s.workflow_id = any ((select ipa.own_workflows())::text[]) end;

create view ipa.events as
select h.id, h.execution_id, h.path, h.event_type, h.actor, h.data, h.created_at, h.recorded_at
from weft.execution_history h
where case when (select ipa.own_user()) is null then true else ipa.shows_execution(h.execution_id) end;

comment on view ipa.users is 'People and programs; only the service sees hashes, only an admin changes others.';
comment on view ipa.workflows is 'Workflows; who acts for a user sees that user''s own.';
comment on view ipa.workflow_versions is 'Versions of workflows; an insert saves one, the starter compiles it before it first runs.';
comment on view ipa.executions is 'Executions; an insert starts one when it commits, status takes paused, resumed and cancelled.';
comment on view ipa.execution_steps is 'Tasks of executions, each once, with its last attempt.';
comment on view ipa.execution_logs is 'What tasks logged; programs may add lines of their own.';
comment on view ipa.agents is 'Agents; who acts for a user sees that user''s own.';
comment on view ipa.agent_tools is 'What an agent may call, by name.';
comment on view ipa.audit_logs is 'Who did what; user_id is who the session acted for.';
comment on view ipa.workflow_execution_stats is
  'Executions per workflow as of the last CALL ipa.refresh_workflow_execution_stats(), which stands for the document''s REFRESH.';
comment on view ipa.events is 'The events that the document plans: what happened in executions.';
comment on column ipa.users.hashed_password is 'Null for all but members of weft_app.';
comment on column ipa.users.is_superuser is 'Whether ''admin'' is among the roles.';
comment on column ipa.workflows.name is 'The title; what addresses name it by, weft.workflows.name, is made from it once.';
comment on column ipa.workflows.status is 'A paused workflow shows as active.';
comment on column ipa.workflows.current_version_id is 'Setting it publishes, or rolls back to, that version.';
comment on column ipa.executions.retry_count is 'How many executions before this one it repeats; those are rows of their own.';
comment on column ipa.executions.error_message is 'Code and detail.';
comment on column ipa.execution_steps.step_type is 'webhook, approval, agent, or the type of the task.';
comment on column ipa.audit_logs.action is 'What the document has no word for is an update; terminate is cancel, redrive is execute.';

grant usage on schema ipa to weft_app, weft_readonly, weft_sql;
grant select on all tables in schema ipa to weft_readonly;
grant select, insert, update, delete on all tables in schema ipa to weft_app, weft_sql;
