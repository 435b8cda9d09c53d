set local role weft_owner;

create table weft.personas (
  tenant_id text not null default weft.current_tenant(),
  id text not null default weft.new_id(),
  owner_id text not null default coalesce(weft.current_user_id(), 'system'),
  name text not null constraint name_not_empty check (btrim(name) <> ''),
  description text,
  template text not null,
  variables jsonb not null default '{}',
  is_public boolean not null default false,
  usage_count int not null default 0 check (usage_count >= 0),
  rating numeric(3, 2) check (rating >= 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, owner_id) references weft.users (tenant_id, id) on delete restrict
);
comment on table weft.personas is 'Who an agent plays: a Scriban template of its system prompt.';
comment on column weft.personas.variables is 'JSON Schema of what the template wants filled in.';
comment on column weft.personas.is_public is 'Offered to everybody of the tenant.';
create index personas_owner on weft.personas (tenant_id, owner_id, created_at desc);
create index personas_public on weft.personas (tenant_id, is_public, usage_count desc) where is_public;
create index personas_usage_count on weft.personas (tenant_id, usage_count desc);
create index personas_rating on weft.personas (tenant_id, rating desc nulls last);
create index personas_variables on weft.personas using gin (variables);

create table weft.persona_templates (
  tenant_id text not null default weft.current_tenant(),
  id text not null default weft.new_id(),
  name text not null constraint name_not_empty check (btrim(name) <> ''),
  template text not null,
  variables jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, name)
);
comment on table weft.persona_templates is 'What new personas start from: template and variables as theirs.';

create table weft.persona_validations (
  tenant_id text not null default weft.current_tenant(),
  id text not null default weft.new_id(),
  persona_id text not null,
  validator text not null check (validator in ('gpt4_judge', 'template_syntax', 'variable_schema')),
  validation_result jsonb not null default '{}',
  is_valid boolean not null,
  issues text[],
  validated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, persona_id) references weft.personas (tenant_id, id) on delete cascade
);
comment on table weft.persona_validations is 'What the validators said of a persona, newest beside older ones.';
create index persona_validations_persona on weft.persona_validations (tenant_id, persona_id, validated_at desc);
create index persona_validations_is_valid on weft.persona_validations (tenant_id, is_valid, validated_at desc);

create table weft.agents (
  tenant_id text not null default weft.current_tenant(),
  id text not null default weft.new_id(),
  owner_id text not null default coalesce(weft.current_user_id(), 'system'),
  persona_id text,
  name text not null constraint name_not_empty check (btrim(name) <> ''),
  description text,
  type text not null default 'custom' check (type in ('semantic_kernel', 'autogen', 'custom')),
  status text not null default 'active' check (status in ('active', 'inactive', 'deprecated', 'archived')),
  system_prompt text,
  model_name text,
  settings jsonb not null default '{"temperature":0.7,"max_tokens":4000,"top_p":1.0}',
  configuration jsonb not null default '{}',
  metadata jsonb not null default '{}',
  version int not null default 1 check (version > 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (tenant_id, id),
  constraint settings_are_an_object check (jsonb_typeof(settings) = 'object'),
  -- Between two numbers there are only numbers, and of what is missing nothing is asked.
  constraint temperature_range check (settings -> 'temperature' between '0' and '2'),
  constraint max_tokens_positive check (settings -> 'max_tokens' between '1' and '2147483647'),
  constraint top_p_range check (settings -> 'top_p' between '0' and '1'),
  foreign key (tenant_id, owner_id) references weft.users (tenant_id, id) on delete restrict,
  foreign key (tenant_id, persona_id) references weft.personas (tenant_id, id) on delete set null (persona_id)
);
comment on table weft.agents is 'Agents: a model, its settings and a persona.';
comment on column weft.agents.type is 'What runs it: semantic_kernel, autogen or custom.';
comment on column weft.agents.status is
  'active; inactive: runs no more for now; deprecated: runs, but take another; archived: kept for its history.';
comment on column weft.agents.settings is 'Of the model: temperature 0 to 2, max_tokens above 0, top_p 0 to 1.';
comment on column weft.agents.configuration is 'What its type wants to know.';
create index agents_owner on weft.agents (tenant_id, owner_id, created_at desc);
create index agents_persona on weft.agents (tenant_id, persona_id);
create index agents_status on weft.agents (tenant_id, status, created_at desc);
create index agents_type on weft.agents (tenant_id, type);
create index agents_created_at on weft.agents (tenant_id, created_at desc, id desc);
create index agents_settings on weft.agents using gin (settings);
create index agents_metadata on weft.agents using gin (metadata);

create table weft.agent_plugins (
  tenant_id text not null default weft.current_tenant(),
  id text not null default weft.new_id(),
  agent_id text not null,
  name text not null constraint name_not_empty check (btrim(name) <> ''),
  plugin_type text not null
    check (plugin_type in ('code_executor', 'text_to_sql', 'knowledge_rag', 'web_search', 'file_upload')),
  config jsonb not null default '{}',
  is_enabled boolean not null default true,
  order_index int not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, agent_id) references weft.agents (tenant_id, id) on delete cascade
);
comment on table weft.agent_plugins is 'The platform''s services an agent may use; of each type one that is enabled.';
comment on column weft.agent_plugins.order_index is 'Smaller ones come first.';
create unique index agent_plugins_unique on weft.agent_plugins (tenant_id, agent_id, plugin_type) where is_enabled;
create index agent_plugins_agent on weft.agent_plugins (tenant_id, agent_id, order_index);
create index agent_plugins_enabled on weft.agent_plugins (tenant_id, is_enabled, plugin_type) where is_enabled;

create table weft.agent_tools (
  tenant_id text not null default weft.current_tenant(),
  id text not null default weft.new_id(),
  agent_id text not null,
  tool_name text not null check (btrim(tool_name) <> ''),
  tool_type text not null check (btrim(tool_type) <> ''),
  configuration jsonb not null default '{}',
  is_enabled boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, agent_id, tool_name),
  foreign key (tenant_id, agent_id) references weft.agents (tenant_id, id) on delete cascade
);
comment on table weft.agent_tools is 'What an agent may call, by name: of tool_type function, api, plugin, …';
create index agent_tools_enabled on weft.agent_tools (tenant_id, is_enabled, tool_type) where is_enabled;

create table weft.agent_executions (
  tenant_id text not null default weft.current_tenant(),
  id text not null default weft.new_id(),
  agent_id text not null,
  user_id text not null default coalesce(weft.current_user_id(), 'system'),
  -- No foreign keys to what is archived without these rows.
  workflow_id text,
  workflow_execution_id text,
  path text,
  status text not null default 'pending'
    check (status in ('pending', 'running', 'success', 'failed', 'cancelled', 'timeout')),
  progress int not null default 0 check (progress between 0 and 100),
  input jsonb not null default '{}',
  output jsonb,
  error jsonb,
  tokens_used bigint check (tokens_used >= 0),
  cost numeric(12, 4),
  retry_count int not null default 0 check (retry_count >= 0),
  max_retries int not null default 3 check (max_retries >= 0),
  parent_id text,
  created_at timestamptz not null default now(),
  start_time timestamptz,
  end_time timestamptz,
  duration_ms bigint generated always as ((extract(epoch from end_time - start_time) * 1000)::bigint) stored,
  epoch int not null default 0,
  authority smallint not null default 0 check (authority between 0 and 2),
  ord bigint not null default 0,
  attempt int not null default 0,
  state_rank smallint not null default 0,
  confirmed boolean not null generated always as (authority = 2) stored,
  mirrored_at timestamptz not null default now(),
  primary key (tenant_id, id),
  check (end_time >= start_time),
  foreign key (tenant_id, agent_id) references weft.agents (tenant_id, id) on delete restrict,
  foreign key (tenant_id, user_id) references weft.users (tenant_id, id) on delete restrict,
  foreign key (tenant_id, parent_id) references weft.agent_executions (tenant_id, id) on delete set null (parent_id)
);
comment on table weft.agent_executions is 'Runs of agents, by themselves or as a task of a workflow''s execution.';
comment on column weft.agent_executions.path is 'The task''s in workflow_execution_id.';
comment on column weft.agent_executions.progress is 'In percent.';
comment on column weft.agent_executions.cost is 'In USD.';
comment on column weft.agent_executions.parent_id is 'The run that this one was started by or repeats.';
comment on column weft.agent_executions.authority is '2: confirmed by Temporal''s history; less never overwrites it.';
create index agent_executions_agent on weft.agent_executions (tenant_id, agent_id, created_at desc);
create index agent_executions_open on weft.agent_executions (tenant_id, agent_id, status)
  where status in ('pending', 'running');
create index agent_executions_user on weft.agent_executions (tenant_id, user_id, status, created_at desc);
create index agent_executions_workflow on weft.agent_executions (tenant_id, workflow_id) where workflow_id is not null;
create index agent_executions_workflow_execution on weft.agent_executions (tenant_id, workflow_execution_id, path)
  where workflow_execution_id is not null;
create index agent_executions_status on weft.agent_executions (tenant_id, status, created_at desc);
create index agent_executions_created_at on weft.agent_executions (tenant_id, created_at desc, id desc);
create index agent_executions_parent on weft.agent_executions (tenant_id, parent_id) where parent_id is not null;
create index agent_executions_input on weft.agent_executions using gin (input);
create index agent_executions_output on weft.agent_executions using gin (output);

create table weft.code_executions (
  tenant_id text not null default weft.current_tenant(),
  id text not null default weft.new_id(),
  user_id text not null default coalesce(weft.current_user_id(), 'system'),
  agent_id text,
  workflow_execution_id text,
  path text,
  language text not null check (language in ('python', 'javascript', 'typescript')),
  code text not null,
  status text not null default 'pending'
    check (status in ('pending', 'running', 'success', 'failed', 'cancelled', 'timeout')),
  container_id text,
  container_ip inet,
  stdout text,
  stderr text,
  exit_code int,
  memory_used_mb int check (memory_used_mb >= 0),
  cpu_usage_percent numeric(5, 2) check (cpu_usage_percent >= 0),
  security_score int check (security_score between 0 and 100),
  security_issues text[],
  created_at timestamptz not null default now(),
  start_time timestamptz,
  end_time timestamptz,
  duration_ms bigint generated always as ((extract(epoch from end_time - start_time) * 1000)::bigint) stored,
  primary key (tenant_id, id),
  check (end_time >= start_time),
  foreign key (tenant_id, user_id) references weft.users (tenant_id, id) on delete restrict
);
comment on table weft.code_executions is 'Code that ran in the sandbox.';
comment on column weft.code_executions.path is 'The task''s in workflow_execution_id.';
comment on column weft.code_executions.cpu_usage_percent is 'Of one processor: more than 100 is more than one.';
comment on column weft.code_executions.security_score is '0 to 100, by tests of its getting out of the container.';
create index code_executions_user on weft.code_executions (tenant_id, user_id, created_at desc);
create index code_executions_agent on weft.code_executions (tenant_id, agent_id) where agent_id is not null;
create index code_executions_workflow_execution on weft.code_executions (tenant_id, workflow_execution_id, path)
  where workflow_execution_id is not null;
create index code_executions_status on weft.code_executions (tenant_id, status, created_at desc);
create index code_executions_created_at on weft.code_executions (tenant_id, created_at desc, id desc);
create index code_executions_container on weft.code_executions (tenant_id, container_id)
  where status in ('pending', 'running');

do $$
declare
  name text;
begin
  foreach name in array array['agents', 'agent_plugins', 'agent_tools', 'personas', 'persona_templates'] loop
    execute format('create trigger %I before update on weft.%I
      for each row execute function weft.update_updated_at_column()', 'update_' || name || '_updated_at', name);
  end loop;
  foreach name in array array['agents', 'agent_plugins', 'agent_tools', 'agent_executions', 'personas',
    'persona_templates', 'persona_validations', 'code_executions'] loop
    call weft.isolate_tenants(format('weft.%I', name)::regclass);
    execute format('grant select on weft.%1$I to weft_readonly; grant select, insert, update on weft.%1$I to weft_app;
      grant select, insert, update, delete on weft.%1$I to weft_engine, weft_views', name);
  end loop;
end $$;
grant delete on weft.agent_plugins, weft.agent_tools, weft.personas, weft.persona_templates,
  weft.persona_validations to weft_app;
