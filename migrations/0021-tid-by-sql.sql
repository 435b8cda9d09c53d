-- What writing to the TID platform's agent_db means where its views show another thing than the table holds; the rest,
-- PostgreSQL writes through by itself. Each answers with the row as the view shows it now.
set local role weft_views;

create function agent_db.write_user() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'UPDATE' and new is not distinct from old then
    return new;
  elsif tg_op = 'DELETE' then
    perform weft_sql.refuse('a user can''t be deleted', 'Set deleted_at: what they did stays theirs.');
  elsif tg_op = 'INSERT' then
    perform weft_sql.need_admin();
    -- The document has no user names.
    insert into weft.users (tenant_id, id, email, username, name, password_hash, roles, permissions, is_active,
        email_verified, last_login_at, created_at, deleted_at)
      values (weft_sql.tenant(), new.id, new.email, new.email, new.name, new.password_hash, new.roles, new.permissions,
        new.is_active, new.email_verified, new.last_login_at, new.created_at, new.deleted_at);
  else
    perform weft_sql.allow_changes(to_jsonb(old), to_jsonb(new), 'email', 'password_hash', 'name', 'roles', 'permissions',
      'is_active', 'email_verified', 'last_login_at', 'updated_at', 'deleted_at');
    -- An approval may name its candidates by email.
    if old.id <> weft_sql.actor()
      or (new.email, new.roles, new.permissions, new.is_active, new.email_verified, new.deleted_at)
        is distinct from (old.email, old.roles, old.permissions, old.is_active, old.email_verified, old.deleted_at) then
      perform weft_sql.need_admin();
    end if;
    if old.id = 'system' then
      perform weft_sql.refuse('the user ''system'' is the engine itself', 'Change another user, or add one.');
    end if;
    update weft.users u
      set email = weft_sql.pick(old.email, new.email, u.email), name = weft_sql.pick(old.name, new.name, u.name),
        roles = weft_sql.pick(old.roles, new.roles, u.roles),
        permissions = weft_sql.pick(old.permissions, new.permissions, u.permissions),
        is_active = weft_sql.pick(old.is_active, new.is_active, u.is_active),
        email_verified = weft_sql.pick(old.email_verified, new.email_verified, u.email_verified),
        last_login_at = weft_sql.pick(old.last_login_at, new.last_login_at, u.last_login_at),
        deleted_at = weft_sql.pick(old.deleted_at, new.deleted_at, u.deleted_at),
        password_hash = weft_sql.pick(old.password_hash, new.password_hash, u.password_hash)
      where u.tenant_id = weft_sql.tenant() and u.id = old.id;
  end if;
  perform weft_sql.audit(case tg_op when 'INSERT' then 'create' else 'update' end, 'user', new.id,
    jsonb_strip_nulls(jsonb_build_object('before', case tg_op when 'UPDATE' then to_jsonb(old) - 'password_hash' end,
      'after', to_jsonb(new) - 'password_hash')));
  select v.* into new from agent_db.users v where v.id = new.id;
  return new;
end $$;

create function agent_db.write_agent() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'UPDATE' and new is not distinct from old then
    return new;
  elsif tg_op = 'DELETE' then
    if exists (select from weft.agent_executions e where e.tenant_id = weft_sql.tenant() and e.agent_id = old.id
        and e.status in ('pending', 'running')) then
      raise exception 'the agent ''%'' has open executions', old.id using errcode = 'restrict_violation',
        hint = 'End them first, or set deleted_at.';
    end if;
    delete from agent_db.executions e where e.agent_id = old.id;
    delete from weft.agents a where a.tenant_id = weft_sql.tenant() and a.id = old.id;
    return old;
  end if;
  -- One that came in through ipa has none.
  if tg_op = 'INSERT' or old.persona_id is not null then
    perform weft_sql.need(new.persona_id, 'persona_id');
  end if;
  if new.status not in ('active', 'inactive', 'archived') then
    raise exception 'the status of an agent is active, inactive or archived' using errcode = 'check_violation';
  end if;
  if tg_op = 'INSERT' then
    insert into weft.agents (tenant_id, id, owner_id, persona_id, name, description, status, settings, metadata, version,
        created_at, deleted_at)
      values (weft_sql.tenant(), new.id, weft_sql.user_of(new.user_id), new.persona_id, new.name, new.description,
        new.status, new.settings, coalesce(new.metadata, '{}'), new.version, new.created_at, new.deleted_at);
  else
    perform weft_sql.allow_changes(to_jsonb(old), to_jsonb(new), 'persona_id', 'name', 'description', 'status', 'settings',
      'metadata', 'version', 'updated_at', 'deleted_at');
    update weft.agents a
      set persona_id = weft_sql.pick(old.persona_id, new.persona_id, a.persona_id),
        name = weft_sql.pick(old.name, new.name, a.name),
        description = weft_sql.pick(old.description, new.description, a.description),
        settings = weft_sql.pick(old.settings, new.settings, a.settings),
        metadata = coalesce(weft_sql.pick(old.metadata, new.metadata, a.metadata), '{}'),
        version = weft_sql.pick(old.version, new.version, a.version),
        deleted_at = weft_sql.pick(old.deleted_at, new.deleted_at, a.deleted_at),
        status = weft_sql.pick(old.status, new.status, a.status)
      where a.tenant_id = weft_sql.tenant() and a.id = old.id;
  end if;
  select v.* into new from agent_db.agents v where v.id = new.id;
  return new;
end $$;

create function agent_db.write_execution() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  began timestamptz;
  ended timestamptz;
begin
  if tg_op = 'UPDATE' and new is not distinct from old then
    return new;
  elsif tg_op <> 'INSERT' then
    if exists (select from weft.agent_executions e
        where e.tenant_id = weft_sql.tenant() and e.id = old.id and e.authority > 0) then
      perform weft_sql.refuse(format('%L is a task of a workflow''s execution', old.id), 'The engine writes it.');
    end if;
  end if;
  if tg_op = 'DELETE' then
    delete from weft.execution_logs l where l.tenant_id = weft_sql.tenant() and l.agent_execution_id = old.id;
    delete from weft.agent_executions e where e.tenant_id = weft_sql.tenant() and e.id = old.id;
    return old;
  end if;
  if new.status not in ('pending', 'running', 'completed', 'failed', 'cancelled', 'timeout') then
    raise exception 'there is no status %', new.status using errcode = 'check_violation',
      hint = 'It is pending, running, completed, failed, cancelled or timeout.';
  end if;
  perform weft_sql.need(new.input, 'input');
  began := coalesce(new.started_at, new.completed_at - new.execution_time_ms * interval '1 ms');
  ended := coalesce(new.completed_at, new.started_at + new.execution_time_ms * interval '1 ms');
  if tg_op = 'INSERT' then
    insert into weft.agent_executions (tenant_id, id, agent_id, user_id, workflow_id, status, progress, input, output,
        error, tokens_used, cost, created_at, start_time, end_time, retry_count, max_retries, parent_id)
      values (weft_sql.tenant(), new.id, new.agent_id, weft_sql.user_of(new.user_id), new.workflow_id,
        case new.status when 'completed' then 'success' else new.status end, new.progress, new.input, new.output, new.error,
        new.tokens_used, new.cost, new.created_at, began, ended, new.retry_count, new.max_retries, new.parent_execution_id);
  else
    perform weft_sql.allow_changes(to_jsonb(old), to_jsonb(new), 'status', 'progress', 'input', 'output', 'error',
      'execution_time_ms', 'tokens_used', 'cost', 'started_at', 'completed_at', 'retry_count', 'max_retries');
    update weft.agent_executions e
      set status = case new.status when 'completed' then 'success' else new.status end, progress = new.progress,
        input = new.input, output = new.output, error = new.error, tokens_used = new.tokens_used, cost = new.cost,
        start_time = began, end_time = ended, retry_count = new.retry_count, max_retries = new.max_retries
      where e.tenant_id = weft_sql.tenant() and e.id = old.id;
  end if;
  select v.* into new from agent_db.executions v where v.id = new.id;
  return new;
end $$;

create function agent_db.write_log() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op <> 'INSERT' then
    perform weft_sql.refuse('logs only grow', 'They leave with their execution, or by the month.');
  end if;
  perform weft_sql.allow_values(to_jsonb(new), 'execution_id', 'level', 'message', 'metadata', 'created_at');
  if new.level not in ('debug', 'info', 'warning', 'error') then
    raise exception 'the level of a log is debug, info, warning or error' using errcode = 'check_violation';
  end if;
  perform weft_sql.need(new.execution_id, 'execution_id'), weft_sql.need(new.level, 'level');
  -- A row of a month that isn't there yet would stand in the way of making it, for everybody.
  if new.created_at > now() + interval '1 day' then
    raise exception 'a log can''t be of the future' using errcode = 'check_violation';
  end if;
  perform from weft.agent_executions e where e.tenant_id = weft_sql.tenant() and e.id = new.execution_id;
  if not found then
    raise exception 'there is no execution ''%''', new.execution_id using errcode = 'foreign_key_violation';
  end if;
  insert into weft.execution_logs (tenant_id, agent_execution_id, level, message, context, created_at)
    values (weft_sql.tenant(), new.execution_id, new.level, new.message, coalesce(new.metadata, '{}'), new.created_at)
    returning id, context into new.id, new.metadata;
  return new;
end $$;

create function agent_db.create_next_month_partition() returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  next_month date := date_trunc('month', now() at time zone 'UTC') + interval '1 month';
begin
  perform weft.create_month_partitions(next_month, 1);
  raise notice 'Created partition: %', 'execution_logs_' || to_char(next_month, 'YYYY_MM');
end $$;
comment on function agent_db.create_next_month_partition() is
  'Makes next month''s partitions where they are missing; the product does so by itself, there is no need of pg_cron.';
grant execute on function agent_db.create_next_month_partition() to agent_service, weft_app, weft_sql;

create trigger write_user instead of insert or update or delete on agent_db.users
  for each row execute function agent_db.write_user();
create trigger write_agent instead of insert or update or delete on agent_db.agents
  for each row execute function agent_db.write_agent();
create trigger write_execution instead of insert or update or delete on agent_db.executions
  for each row execute function agent_db.write_execution();
create trigger write_log instead of insert or update or delete on agent_db.execution_logs
  for each row execute function agent_db.write_log();
