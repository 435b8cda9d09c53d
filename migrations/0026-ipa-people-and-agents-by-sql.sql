-- What writing to the users, agents and logs of the IPA platform means; the rest of it can only be read.
set local role weft_owner;
-- agent_db has it too, which goes after this one.
grant insert on weft.execution_logs to weft_views;
set local role weft_engine;
grant execute on function weft.refresh_workflow_execution_stats() to weft_views;

set local role weft_views;
alter view ipa.users alter column is_active set default true;
alter view ipa.users alter column is_superuser set default false;
alter view ipa.agents alter column status set default 'active';
alter view ipa.agents alter column temperature set default 0.7;
alter view ipa.agents alter column max_tokens set default 1000;

create function ipa.write_user() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'UPDATE' and new is not distinct from old then
    return new;
  elsif tg_op = 'INSERT' then
    perform weft_sql.need_admin(), weft_sql.need(new.email, 'email'), weft_sql.need(new.username, 'username');
    new.id := coalesce(new.id, weft.new_id());
    new.full_name := coalesce(new.full_name, new.username);
    insert into weft.users (tenant_id, id, email, username, name, password_hash, roles, is_active, last_login_at)
      values (weft_sql.tenant(), new.id, new.email, new.username, new.full_name, new.hashed_password,
        case when new.is_superuser then array['admin'] else array['user'] end, coalesce(new.is_active, true),
        new.last_login_at)
      returning created_at, updated_at into new.created_at, new.updated_at;
  else
    perform weft_sql.allow_changes(to_jsonb(old), to_jsonb(new), 'email', 'username', 'full_name', 'hashed_password',
      'is_active', 'is_superuser', 'last_login_at', 'updated_at');
    -- Approvals name people by username and email: nobody gives themselves another's.
    if old.id <> weft_sql.actor()
      or (new.email, new.username, new.is_active, new.is_superuser, new.last_login_at)
        is distinct from (old.email, old.username, old.is_active, old.is_superuser, old.last_login_at) then
      perform weft_sql.need_admin();
    end if;
    if old.id = 'system' then
      perform weft_sql.refuse('the user ''system'' is the engine itself', 'Change another user, or add one.');
    end if;
    update weft.users u
    set email = case when new.email is distinct from old.email then new.email else u.email end,
      email_verified = u.email_verified and new.email is not distinct from old.email,
      username = case when new.username is distinct from old.username then new.username else u.username end,
      name = case when new.full_name is distinct from old.full_name then coalesce(new.full_name, new.username) else u.name end,
      password_hash = case when new.hashed_password is distinct from old.hashed_password then new.hashed_password
        else u.password_hash end,
      is_active = case when new.is_active is distinct from old.is_active then new.is_active else u.is_active end,
      roles = case
        when new.is_superuser is not distinct from old.is_superuser then u.roles
        when new.is_superuser then array_append(u.roles, 'admin')
        when u.roles <@ array['admin'] then array['user']
        else array_remove(u.roles, 'admin')
      end,
      last_login_at = case when new.last_login_at is distinct from old.last_login_at then new.last_login_at
        else u.last_login_at end
    where u.tenant_id = weft_sql.tenant() and u.id = old.id;
  end if;
  perform weft_sql.audit(case tg_op when 'INSERT' then 'create' else 'update' end, 'user', new.id,
    jsonb_strip_nulls(jsonb_build_object(
      'before', case when tg_op = 'UPDATE' then to_jsonb(old) - 'hashed_password' end,
      'after', to_jsonb(new) - 'hashed_password'
    )));
  select v.* into new from ipa.users v where v.id = new.id;
  return new;
end $$;

create function ipa.write_agent() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'DELETE' then
    if exists (select from weft.agent_executions x where x.tenant_id = weft_sql.tenant() and x.agent_id = old.id) then
      raise exception 'the agent ''%'' has run', old.name using errcode = 'restrict_violation',
        hint = 'Set its status to inactive or deprecated.';
    end if;
    delete from weft.agents a where a.tenant_id = weft_sql.tenant() and a.id = old.id;
    return old;
  end if;
  if new.status is null or new.status not in ('active', 'inactive', 'deprecated') then
    raise exception 'the status of an agent is active, inactive or deprecated' using errcode = 'check_violation';
  end if;
  if tg_op = 'INSERT' then
    perform weft_sql.allow_values(to_jsonb(new), 'id', 'name', 'description', 'type', 'status', 'configuration',
      'system_prompt', 'model_name', 'temperature', 'max_tokens', 'created_by');
    perform weft_sql.need(new.name, 'name'), weft_sql.need(new.type, 'type'), weft_sql.need(new.configuration, 'configuration');
    insert into weft.agents
      (tenant_id, id, owner_id, name, description, type, status, system_prompt, model_name, settings, configuration)
    values (
      weft_sql.tenant(), coalesce(new.id, weft.new_id()), weft_sql.user_of(new.created_by), new.name, new.description,
      new.type, new.status, new.system_prompt, new.model_name,
      jsonb_strip_nulls(jsonb_build_object('temperature', new.temperature, 'max_tokens', new.max_tokens, 'top_p', 1.0)),
      new.configuration
    )
    returning id into new.id;
    select v.* into new from ipa.agents v where v.id = new.id;
    return new;
  elsif new is not distinct from old then
    return new;
  end if;
  perform weft_sql.allow_changes(to_jsonb(old), to_jsonb(new), 'name', 'description', 'type', 'status', 'configuration',
    'system_prompt', 'model_name', 'temperature', 'max_tokens', 'updated_at');
  update weft.agents a
  set name = case when new.name is distinct from old.name then new.name else a.name end,
    description = case when new.description is distinct from old.description then new.description else a.description end,
    type = case when new.type is distinct from old.type then new.type else a.type end,
    status = case when new.status <> old.status then new.status else a.status end,
    configuration = case when new.configuration is distinct from old.configuration then new.configuration else a.configuration end,
    system_prompt = case when new.system_prompt is distinct from old.system_prompt then new.system_prompt else a.system_prompt end,
    model_name = case when new.model_name is distinct from old.model_name then new.model_name else a.model_name end,
    settings = case when (new.temperature, new.max_tokens) is not distinct from (old.temperature, old.max_tokens) then a.settings
      else jsonb_strip_nulls(a.settings || jsonb_build_object('temperature', new.temperature, 'max_tokens', new.max_tokens)) end
  where a.tenant_id = weft_sql.tenant() and a.id = old.id;
  select v.* into new from ipa.agents v where v.id = old.id;
  return new;
end $$;

create function ipa.write_log() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  step record;
begin
  perform weft_sql.allow_values(to_jsonb(new), 'execution_id', 'execution_step_id', 'level', 'message', 'context');
  perform weft_sql.need(new.execution_id, 'execution_id'), weft_sql.need(new.level, 'level'),
    weft_sql.need(new.message, 'message');
  if not exists (select from ipa.executions e where e.id = new.execution_id) then
    raise exception 'there is no execution ''%''', new.execution_id using errcode = 'foreign_key_violation';
  end if;
  select t.path into step from weft_sql.task_executions t
    where t.tenant_id = weft_sql.tenant() and t.execution_id = new.execution_id and t.id = new.execution_step_id;
  if new.execution_step_id is not null and not found then
    raise exception 'there is no step ''%'' of this execution', new.execution_step_id using errcode = 'foreign_key_violation';
  end if;
  insert into weft.execution_logs (tenant_id, execution_id, path, level, message, context)
    values (weft_sql.tenant(), new.execution_id, step.path, new.level, new.message, coalesce(new.context, '{}'))
    returning id, context, created_at into new.id, new.context, new.created_at;
  return new;
end $$;

create trigger write_user instead of insert or update on ipa.users for each row execute function ipa.write_user();
create trigger refuse_write instead of delete on ipa.users
  for each row execute function weft_sql.refuse_write('Set is_active to false: what a user did stays theirs.');
create trigger write_agent instead of insert or update or delete on ipa.agents
  for each row execute function ipa.write_agent();
create trigger write_log instead of insert on ipa.execution_logs for each row execute function ipa.write_log();
create trigger refuse_write instead of update or delete on ipa.execution_logs
  for each row execute function weft_sql.refuse_write('Logs only grow; months of them leave whole.');
do $$
declare
  name text;
begin
  foreach name in array array['execution_steps', 'audit_logs', 'workflow_execution_stats', 'events'] loop
    execute format('create trigger refuse_write instead of insert or update or delete on ipa.%I
      for each row execute function weft_sql.refuse_write(%L)', name, 'It can only be read: the engine writes it, from what really happens.');
  end loop;
end $$;

create procedure ipa.refresh_workflow_execution_stats()
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform weft_sql.need_admin();
  perform weft.refresh_workflow_execution_stats();
end $$;
grant execute on procedure ipa.refresh_workflow_execution_stats() to weft_app, weft_sql;
comment on procedure ipa.refresh_workflow_execution_stats() is
  'REFRESH MATERIALIZED VIEW CONCURRENTLY of the statistics; ipa.workflow_execution_stats is the tenant''s view of them.';
