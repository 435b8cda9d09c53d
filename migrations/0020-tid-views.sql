-- The TID platform's databases as schemas, so that one transaction can hold; this file has all but workflow_db. A service's
-- login is a member of the role its document names and has a row in weft.sql_logins. The views are weft_views' all the same.
do $$
declare
  spot text[];
begin
  foreach spot slice 1 in array array[
    ['agent_service', 'agent_db'], ['persona_service', 'persona_db'], ['code_service', 'code_db'],
    ['sql_service', 'sql_db'], ['knowledge_service', 'knowledge_db'], ['workflow_service', null]
  ] loop
    begin
      if not exists (select from pg_roles where rolname = spot[1]) then
        execute format('create role %I nologin', spot[1]);
      end if;
    exception when duplicate_object or unique_violation then null;
    end;
    continue when spot[2] is null;
    execute format('create schema %I authorization weft_views', spot[2]);
    execute format('comment on schema %I is %L', spot[2],
      format('The TID platform''s %s as views; its owner there, %s, reads and writes them.', spot[2], spot[1]));
  end loop;
end $$;
set local role weft_owner;
grant usage on schema weft
  to agent_service, persona_service, code_service, sql_service, knowledge_service, workflow_service;
grant select (password_hash) on weft.users to weft_views;
grant insert, delete on weft.execution_logs to weft_views;
grant execute on function weft.create_month_partitions(date, int) to weft_views;
create index execution_logs_agent_execution on weft.execution_logs (tenant_id, agent_execution_id, created_at desc)
  where agent_execution_id is not null;

set local role weft_views;
create function agent_db.agent_status_of(status text) returns text language sql immutable parallel safe
return case when status = 'deprecated' then 'inactive' else status end;
create function agent_db.execution_status_of(status text) returns text language sql immutable parallel safe
return case when status = 'success' then 'completed' else status end;
create function agent_db.log_level_of(level text) returns text language sql immutable parallel safe
return case when level = 'critical' then 'error' else level end;
create function code_db.execution_status_of(status text) returns text language sql immutable parallel safe
return case when status = 'success' then 'completed' else status end;
grant execute on all functions in schema agent_db, code_db to public;

create view agent_db.users as
select u.id, u.email, case when pg_has_role(session_user, 'weft_app', 'member') then u.password_hash end as password_hash,
  u.name, u.roles, u.permissions, u.is_active, u.email_verified, u.last_login_at, u.created_at, u.updated_at, u.deleted_at
from weft.users u;
create view agent_db.agents as
select a.id, a.owner_id as user_id, a.persona_id, a.name, a.description, agent_db.agent_status_of(a.status) as status,
  a.settings, a.metadata, a.version, a.created_at, a.updated_at, a.deleted_at
from weft.agents a;
create view agent_db.agent_plugins as
select p.id, p.agent_id, p.name, p.plugin_type, p.config, p.is_enabled, p.order_index, p.created_at, p.updated_at
from weft.agent_plugins p;
create view agent_db.executions as
select e.id, e.agent_id, e.user_id, e.workflow_id, agent_db.execution_status_of(e.status) as status, e.progress,
  e.input, e.output, e.error, e.duration_ms as execution_time_ms, e.tokens_used, e.cost, e.created_at,
  e.start_time as started_at, e.end_time as completed_at, e.retry_count, e.max_retries, e.parent_id as parent_execution_id
from weft.agent_executions e;
create view agent_db.execution_logs as
select l.id, l.agent_execution_id as execution_id, agent_db.log_level_of(l.level) as level, l.message,
  l.context as metadata, l.created_at
from weft.execution_logs l where l.agent_execution_id is not null;

create view persona_db.personas as
select p.id, p.owner_id as user_id, p.name, p.description, p.template, p.variables, p.is_public, p.usage_count, p.rating,
  p.created_at, p.updated_at, p.deleted_at
from weft.personas p;
create view persona_db.persona_templates as
select t.id, t.name, t.template, t.variables, t.created_at, t.updated_at from weft.persona_templates t;
create view persona_db.persona_validations as
select v.id, v.persona_id, v.validator, v.validation_result, v.is_valid, v.issues, v.validated_at
from weft.persona_validations v;

create view code_db.code_executions as
select c.id, c.user_id, c.agent_id, c.language, c.code, code_db.execution_status_of(c.status) as status, c.container_id,
  host(c.container_ip) as container_ip, c.stdout, c.stderr, c.exit_code, c.duration_ms as execution_time_ms,
  c.memory_used_mb, c.cpu_usage_percent, c.security_score, c.security_issues, c.created_at, c.start_time as started_at,
  c.end_time as completed_at
from weft.code_executions c;
create view code_db.code_outputs as
select c.id, c.stdout, c.stderr, c.exit_code, c.created_at from weft.code_executions c;

create view sql_db.databases as
select d.id, d.user_id, d.name, case when pg_has_role(session_user, 'weft_app', 'member')
    or pg_has_role(session_user, 'sql_service', 'member') then d.connection_string end as connection_string,
  d.database_type, d.is_active, d.last_sync_at, d.created_at, d.updated_at
from weft.databases d;
create view sql_db.schemas as
select s.id, s.database_id, s.schema_name, s.description, s.is_enhanced, s.enhanced_at, s.created_at, s.updated_at
from weft.schemas s;
create view sql_db.tables as
select t.id, t.schema_id, t.table_name, t.description, t.row_count, t.columns, t.indexes, t.foreign_keys, t.sample_data,
  t.last_analyzed_at, t.created_at, t.updated_at
from weft.tables t;
create view sql_db.sql_queries as
select q.id, q.user_id, q.database_id, q.natural_language, q.generated_sql, q.validation_result, q.is_safe, q.executed,
  q.result_rows, q.execution_time_ms, q.created_at, q.executed_at
from weft.sql_queries q;

create view knowledge_db.documents as
select d.id, d.user_id, d.title, d.content, d.content_type, d.file_path, d.file_size, d.metadata, d.status, d.chunk_count,
  d.indexed_at, d.created_at, d.updated_at, d.deleted_at
from weft.documents d;
create view knowledge_db.document_chunks as
select c.id, c.document_id, c.chunk_index, c.content, c.content_length, c.embedding, c.metadata, c.created_at
from weft.document_chunks c;

comment on view agent_db.users is 'Who logs in and works; another''s row, roles and rights are written by admins and service logins.';
comment on column agent_db.users.password_hash is 'Shown as null to whoever isn''t the product''s own service; writing a new one works.';
comment on column agent_db.users.roles is 'Such as admin, developer, viewer; ''user'' is another word for viewer.';
comment on column agent_db.users.deleted_at is 'Who has it is gone; rows stay for what they did.';
comment on view agent_db.agents is 'Agents: a model''s settings and a persona.';
comment on column agent_db.agents.status is 'active, inactive or archived; the core''s deprecated shows as inactive.';
comment on view agent_db.agent_plugins is 'What agents may use of the platform; of each type one that is enabled.';
comment on column agent_db.agent_plugins.order_index is 'Smaller ones come first.';
comment on view agent_db.executions is 'Runs of agents; runs of workflows are workflow_db.workflow_executions.';
comment on column agent_db.executions.workflow_id is 'The workflow whose task it was, if any.';
comment on column agent_db.executions.execution_time_ms is
  'From started_at to completed_at; written, it counts only where one of them is missing.';
comment on column agent_db.executions.cost is 'In USD.';
comment on view agent_db.execution_logs is 'What runs of agents logged, by month; only grows.';
comment on column agent_db.execution_logs.level is 'debug, info, warning or error; the core''s critical shows as error.';
comment on view persona_db.personas is 'Who an agent plays: a Scriban template of its system prompt.';
comment on column persona_db.personas.variables is 'JSON Schema of what the template wants filled in.';
comment on view persona_db.persona_templates is 'What new personas start from.';
comment on view persona_db.persona_validations is 'What the validators said of personas.';
comment on view code_db.code_executions is 'Code that ran in the sandbox.';
comment on column code_db.code_executions.execution_time_ms is
  'From started_at to completed_at; written, it counts only where one of them is missing.';
comment on column code_db.code_executions.cpu_usage_percent is 'Of one processor: more than 100 is more than one.';
comment on column code_db.code_executions.security_score is '0 to 100, by tests of its getting out of the container.';
comment on view code_db.code_outputs is 'What code printed and how it ended: of code_executions, by the same id.';
comment on view sql_db.databases is 'People''s own databases, which questions are asked of.';
comment on column sql_db.databases.connection_string is
  'enc: and what only the service can read; shown as null to whoever isn''t a member of sql_service.';
comment on view sql_db.schemas is 'The schemas found in a database.';
comment on view sql_db.tables is 'The tables found in a schema, with what helps to write SQL for them.';
comment on column sql_db.tables.columns is 'Usually an array of the columns'' definitions.';
comment on view sql_db.sql_queries is 'Questions, and the SQL that was made of them.';
comment on column sql_db.sql_queries.is_safe is 'Its validation found that it only reads.';
comment on view knowledge_db.documents is 'Documents of the knowledge base.';
comment on column knowledge_db.documents.content is 'The text alone, whatever content_type says the file was.';
comment on view knowledge_db.document_chunks is 'Documents, cut into pieces that a model can take in.';
comment on column knowledge_db.document_chunks.embedding is '1536 numbers; of type vector where the extension is there.';

-- Views that write through by themselves have the defaults of their tables.
alter view agent_db.users alter id set default weft.new_id();
alter view agent_db.users alter roles set default '{user}';
alter view agent_db.users alter permissions set default '{}';
alter view agent_db.users alter is_active set default true;
alter view agent_db.users alter email_verified set default false;
alter view agent_db.users alter created_at set default now();
alter view agent_db.agents alter id set default weft.new_id();
alter view agent_db.agents alter status set default 'active';
alter view agent_db.agents alter settings set default '{"temperature": 0.7, "max_tokens": 4000, "top_p": 1.0}';
alter view agent_db.agents alter metadata set default '{}';
alter view agent_db.agents alter version set default 1;
alter view agent_db.agents alter created_at set default now();
alter view agent_db.executions alter id set default weft.new_id();
alter view agent_db.executions alter status set default 'pending';
alter view agent_db.executions alter progress set default 0;
alter view agent_db.executions alter created_at set default now();
alter view agent_db.executions alter retry_count set default 0;
alter view agent_db.executions alter max_retries set default 3;
alter view agent_db.execution_logs alter created_at set default now();
alter view code_db.code_executions alter id set default weft.new_id();
alter view code_db.code_executions alter status set default 'pending';
alter view code_db.code_executions alter created_at set default now();
alter view sql_db.databases alter id set default weft.new_id();
alter view sql_db.databases alter is_active set default true;
alter view sql_db.databases alter created_at set default now();

do $$
declare
  spot text[];
begin
  foreach spot slice 1 in array array[
    ['agent_service', 'agent_db'], ['persona_service', 'persona_db'], ['code_service', 'code_db'],
    ['sql_service', 'sql_db'], ['knowledge_service', 'knowledge_db']
  ] loop
    execute format('grant usage on schema %2$I to %1$I, weft_app, weft_readonly, weft_sql;
      grant select on all tables in schema %2$I to weft_readonly;
      grant select, insert, update, delete on all tables in schema %2$I to %1$I, weft_app, weft_sql', spot[1], spot[2]);
  end loop;
end $$;
