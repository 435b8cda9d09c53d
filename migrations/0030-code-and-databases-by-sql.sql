-- What writing to the TID platform's code_db and sql_db means, and whose a row is where PostgreSQL writes through by itself.
set local role weft_views;

create function code_db.write_execution() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  began timestamptz := coalesce(new.started_at, new.completed_at - new.execution_time_ms * interval '1 ms');
  ended timestamptz := coalesce(new.completed_at, new.started_at + new.execution_time_ms * interval '1 ms');
begin
  if tg_op = 'UPDATE' and new is not distinct from old then
    return new;
  end if;
  if new.status not in ('pending', 'running', 'completed', 'failed', 'timeout', 'cancelled') then
    raise exception 'there is no status %', new.status using errcode = 'check_violation',
      hint = 'It is pending, running, completed, failed, timeout or cancelled.';
  end if;
  if tg_op = 'INSERT' then
    insert into weft.code_executions (tenant_id, id, user_id, agent_id, language, code, created_at)
      values (weft_sql.tenant(), new.id, weft_sql.user_of(new.user_id), new.agent_id, new.language, new.code, new.created_at);
  else
    perform weft_sql.allow_changes(to_jsonb(old), to_jsonb(new), 'agent_id', 'language', 'code', 'status', 'container_id',
      'container_ip', 'stdout', 'stderr', 'exit_code', 'execution_time_ms', 'memory_used_mb', 'cpu_usage_percent',
      'security_score', 'security_issues', 'started_at', 'completed_at');
  end if;
  update weft.code_executions c
    set agent_id = new.agent_id, language = new.language, code = new.code, container_id = new.container_id,
      status = case new.status when 'completed' then 'success' else new.status end,
      container_ip = new.container_ip::inet, stdout = new.stdout, stderr = new.stderr, exit_code = new.exit_code,
      memory_used_mb = new.memory_used_mb, cpu_usage_percent = new.cpu_usage_percent, start_time = began, end_time = ended,
      security_score = new.security_score, security_issues = new.security_issues
    where c.tenant_id = weft_sql.tenant() and c.id = new.id;
  select v.* into new from code_db.code_executions v where v.id = new.id;
  return new;
end $$;

create function code_db.refuse_write() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception 'outputs come and go with their execution' using errcode = 'feature_not_supported',
    hint = 'Insert into code_executions; here, update stdout, stderr and exit_code.';
end $$;

create function sql_db.write_database() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'UPDATE' and new is not distinct from old then
    return new;
  end if;
  if new.connection_string not like 'enc:%' then
    raise exception 'a connection string is stored encrypted alone' using errcode = 'check_violation',
      hint = 'Encrypt it first: what the service reads begins with enc:';
  end if;
  if tg_op = 'INSERT' then
    insert into weft.databases (tenant_id, id, user_id, name, connection_string, database_type, is_active, last_sync_at, created_at)
      values (weft_sql.tenant(), new.id, weft_sql.user_of(new.user_id), new.name, new.connection_string, new.database_type,
        new.is_active, new.last_sync_at, new.created_at);
  else
    perform weft_sql.allow_changes(to_jsonb(old), to_jsonb(new), 'name', 'connection_string', 'database_type', 'is_active',
      'last_sync_at', 'updated_at');
    update weft.databases d
      set name = new.name, database_type = new.database_type, is_active = new.is_active, last_sync_at = new.last_sync_at,
        connection_string = weft_sql.pick(old.connection_string, new.connection_string, d.connection_string)
      where d.tenant_id = weft_sql.tenant() and d.id = old.id;
  end if;
  select v.* into new from sql_db.databases v where v.id = new.id;
  return new;
end $$;

create trigger write_execution instead of insert or update on code_db.code_executions
  for each row execute function code_db.write_execution();
create trigger refuse_write instead of insert or delete on code_db.code_outputs
  for each row execute function code_db.refuse_write();
create trigger write_database instead of insert or update on sql_db.databases
  for each row execute function sql_db.write_database();

-- As the other views have it: a session writes for its own user, a service's login for whom it names.
create function weft_sql.keep_author() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  author text;
  author_before text;
begin
  execute format('select ($1).%I', tg_argv[0]) into author using new;
  if tg_op = 'UPDATE' then
    execute format('select ($1).%I', tg_argv[0]) into author_before using old;
  end if;
  if author is distinct from author_before then
    perform weft_sql.user_of(author);
  end if;
  return new;
end $$;
comment on function weft_sql.keep_author() is 'Refuses a row in the name of somebody the session doesn''t act for; its argument names the column.';
-- Who makes a trigger must be able to call it.
grant execute on function weft_sql.keep_author() to weft_owner;

set local role weft_owner;
do $$
declare
  spot text[];
begin
  foreach spot slice 1 in array array[
    ['personas', 'owner_id'], ['documents', 'user_id'], ['sql_queries', 'user_id'], ['workflow_snapshots', 'created_by']
  ] loop
    execute format('create trigger keep_author before insert or update of %1$I on weft.%2$I for each row
      when (current_user <> ''weft_engine'' and row_security_active(''weft.%2$I''::regclass))
      execute function weft_sql.keep_author(%1$L)', spot[2], spot[1]);
  end loop;
end $$;
