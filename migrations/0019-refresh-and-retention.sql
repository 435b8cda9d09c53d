-- What maintenance calls. Of each one runs at a time, the second waits; calling again changes nothing.
set local role weft_owner;
-- Only the owner drops months, and it must see what is in them.
create policy retention on weft.execution_history to weft_owner using (true);
create policy retention on weft.execution_logs to weft_owner using (true);
create policy retention on weft.task_attempts to weft_owner using (true);
create policy lookup on weft.workflow_executions for select to weft_owner using (true);

create function weft.cleanup_execution_history(days int, batch int default null, of_tenant text default null, out dropped text[], out deleted bigint)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
-- What is set below ends with the function.
set lock_timeout = 0
as $$
declare
  cutoff timestamptz := now() - make_interval(days => days);
  -- Read through the parents: a partition has no policy of its own.
  is_open constant text := $q$exists (select from weft.workflow_executions e
    where e.tenant_id = h.tenant_id and e.id = h.execution_id and e.status in ('pending', 'running', 'paused'))$q$;
  months constant text := $q$select c.oid, c.relname as name,
      format('select exists (select from weft.%I h where h.%I >= %L and h.%2$I < %4$L and ', p.relname, a.attname, b.bounds[1], b.bounds[2]) as holds
    from pg_inherits join pg_class c on c.oid = inhrelid join pg_class p on p.oid = inhparent
    join pg_partitioned_table k on k.partrelid = p.oid join pg_attribute a on a.attrelid = p.oid and a.attnum = k.partattrs[0],
      regexp_match(pg_get_expr(c.relpartbound, c.oid), $r$FROM \('([^']+)'\) TO \('([^']+)'\)$r$) as b (bounds)
    where p.relnamespace = 'weft'::regnamespace and p.relname = any ($1) and b.bounds[2]::timestamptz <= $2 order by p.relname, 2$q$;
  parents constant text[] := array['execution_history', 'execution_logs', 'task_attempts'];
  leaving oid[] := '{}';
  month record;
  parent text;
  is_held boolean;
  gone bigint;
begin
  if days is null or days < 1 then
    raise exception 'history is kept for a day at least' using errcode = 'invalid_parameter_value';
  end if;
  perform pg_advisory_xact_lock(hashtext('weft.cleanup_execution_history'));
  dropped := '{}';
  deleted := 0;
  -- A month is everybody's.
  for month in execute months using case when of_tenant is null then parents end, cutoff loop
    execute month.holds || is_open || ')' into is_held;
    if not is_held then leaving := leaving || month.oid; end if;
  end loop;
  foreach parent in array parents loop
    execute format($q$with old as materialized (
        select h.tableoid as part, h.ctid as place from weft.%1$I h
        where h.%2$I < $1 and h.tableoid <> all ($2) and h.tenant_id = coalesce($4, h.tenant_id) and not %3$s
        limit $3
      ) delete from weft.%1$I h using old where h.tableoid = old.part and h.ctid = old.place and h.%2$I < $1$q$,
      parent, case parent when 'task_attempts' then 'execution_created_at' else 'created_at' end, is_open)
      using cutoff, leaving, batch, of_tenant;
    get diagnostics gone = row_count;
    deleted := deleted + gone;
  end loop;
  -- Last, and not for long, as it holds up whoever writes to the table.
  set local lock_timeout = '2s';
  for month in execute months using parents, cutoff loop
    continue when month.oid <> all (leaving);
    begin
      execute format('lock table weft.%I in access exclusive mode', month.name);
      execute month.holds || is_open || ')' into is_held;
      continue when is_held;
      execute format('drop table weft.%I', month.name);
      dropped := dropped || month.name::text;
    exception when lock_not_available then
      raise warning 'weft.% is in use and stays for now', month.name;
    end;
  end loop;
end $$;
comment on function weft.cleanup_execution_history(int, int, text) is
  'Removes history, logs and attempts older than so many days, whole months by dropping them, of the rest at most so many rows per table; nothing of open executions. Of one tenant, by rows alone.';

grant create on schema weft to weft_engine;
set local role weft_engine;

create function weft.archive_completed_workflows(days int, batch int default null, of_tenant text default null) returns bigint
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  tenant text;
  ids text[];
  moved bigint := 0;
  part record;
  columns text;
begin
  if days is null or days < 0 then
    raise exception 'days must be 0 or more' using errcode = 'invalid_parameter_value';
  end if;
  -- Tenant by tenant: every index begins with it.
  for tenant in
    select u.tenant_id from weft.users u where u.id = 'system' and u.tenant_id = coalesce(of_tenant, u.tenant_id) order by 1
  loop
    loop
      exit when moved >= batch;
      select array_agg(picked.id) into ids from (
        select e.id from weft.workflow_executions e
        where e.tenant_id = tenant and e.status in ('success', 'failed', 'cancelled', 'timeout') and e.authority = 2
          and e.end_time <= now() - make_interval(days => days)
        order by e.end_time limit least(1000, batch - moved) for update skip locked
      ) picked;
      exit when ids is null;
      -- One that was mirrored anew after it was archived.
      delete from weft_archive.executions a where a.tenant_id = tenant and a.id = any (ids);
      for part in
        select * from (values
          (1, 'executions', 'workflow_executions', 't.id = any ($2)'),
          (2, 'tasks', 'task_executions', 't.execution_id = any ($2)'),
          (3, 'states', 'workflow_states', 't.execution_id = any ($2)'),
          (4, 'approvals', 'approvals', 't.execution_id = any ($2)'),
          (5, 'approval_candidates', 'approval_candidates', 't.approval_id in (select a.id from weft.approvals a where a.tenant_id = $1 and a.execution_id = any ($2))'),
          (6, 'approval_votes', 'approval_votes', 't.approval_id in (select a.id from weft.approvals a where a.tenant_id = $1 and a.execution_id = any ($2))')
        ) as p (nr, archive, core, which) order by nr
      loop
        select string_agg(quote_ident(attname), ', ' order by attnum) into columns
        from pg_attribute where attrelid = ('weft_archive.' || part.archive)::regclass and attnum > 0 and not attisdropped;
        execute format('insert into weft_archive.%I (%s) select %s from weft.%I t where t.tenant_id = $1 and %s',
          part.archive, columns, replace(columns, 'archived_at', 'now()'), part.core, part.which) using tenant, ids;
      end loop;
      delete from weft.workflow_executions e where e.tenant_id = tenant and e.id = any (ids);
      moved := moved + cardinality(ids);
    end loop;
  end loop;
  return moved;
end $$;
comment on function weft.archive_completed_workflows(int, int, text) is
  'Moves executions that ended so many days ago, and are confirmed, to weft_archive with all that is theirs; at most so many, of one tenant or of all. Returns how many.';

create function weft.refresh_execution_statistics(from_date date, to_date date) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
declare
  tenant text;
  day date;
begin
  perform pg_advisory_xact_lock(hashtext('weft.refresh_execution_statistics'));
  for tenant, day in
    select u.tenant_id, d::date from weft.users u, generate_series(from_date, to_date, interval '1 day') d where u.id = 'system' order by 1, 2
  loop
    with executions as (
      select e.workflow_id, e.definition_id, extract(hour from e.created_at)::smallint as hour, e.status, e.duration_ms
      from weft.workflow_executions e where e.tenant_id = tenant and e.created_at >= day and e.created_at < day + 1 and e.definition_id is not null
      union all
      select e.workflow_id, e.definition_id, extract(hour from e.created_at)::smallint, e.status, e.duration_ms
      from weft_archive.executions e where e.tenant_id = tenant and e.created_at >= day and e.created_at < day + 1 and e.definition_id is not null
    ), counted as (
      select workflow_id, definition_id, hour, count(*) as total, count(*) filter (where status = 'success') as successful,
        count(*) filter (where status in ('failed', 'timeout')) as failed, count(*) filter (where status = 'cancelled') as cancelled,
        count(*) filter (where status = 'timeout') as timed_out, count(duration_ms) as finished, coalesce(sum(duration_ms), 0) as sum_ms
      from executions group by workflow_id, definition_id, grouping sets ((hour), ())
    ), gone as (
      delete from weft.execution_statistics s where s.tenant_id = tenant and s.stat_date = day and not exists (
        select from counted c where c.definition_id = s.definition_id and c.hour is not distinct from s.stat_hour)
    )
    insert into weft.execution_statistics as s (tenant_id, workflow_id, definition_id, stat_date, stat_hour, total, successful,
      failed, cancelled, timed_out, finished, sum_duration_ms)
    select tenant, workflow_id, definition_id, day, hour, total, successful, failed, cancelled, timed_out, finished, sum_ms from counted
    on conflict on constraint execution_statistics_key do update set total = excluded.total, successful = excluded.successful,
      failed = excluded.failed, cancelled = excluded.cancelled, timed_out = excluded.timed_out, finished = excluded.finished,
      sum_duration_ms = excluded.sum_duration_ms
    where (s.total, s.successful, s.failed, s.cancelled, s.timed_out, s.finished, s.sum_duration_ms) is distinct from
      (excluded.total, excluded.successful, excluded.failed, excluded.cancelled, excluded.timed_out, excluded.finished, excluded.sum_duration_ms);
  end loop;
end $$;
comment on function weft.refresh_execution_statistics(date, date) is 'Counts the executions accepted on these days (UTC, both included) anew, by hour and by day.';

create function weft.refresh_performance_metrics(from_at timestamptz, to_at timestamptz) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
declare
  tenant text;
  day timestamptz;
begin
  perform pg_advisory_xact_lock(hashtext('weft.refresh_performance_metrics'));
  for tenant, day in
    select u.tenant_id, d from weft.users u, generate_series(date_trunc('day', from_at), to_at, interval '1 day') d
    where u.id = 'system' and d < to_at order by 1, 2
  loop
    with executions as (
      select e.workflow_id, e.id, e.created_at, e.status, e.duration_ms, e.redrive_number, e.cost from weft.workflow_executions e
      where e.tenant_id = tenant and e.created_at >= day and e.created_at < day + interval '1 day' and e.workflow_id is not null
      union all
      select e.workflow_id, e.id, e.created_at, e.status, e.duration_ms, e.redrive_number, e.cost from weft_archive.executions e
      where e.tenant_id = tenant and e.created_at >= day and e.created_at < day + interval '1 day' and e.workflow_id is not null
    ), tasks as (
      select e.workflow_id || '/' || t.task_id as entity, t.execution_id, t.path, t.executor, e.created_at, t.status, t.duration_ms, t.retry_count, t.tokens_used, t.cost
      from executions e join weft.task_executions t on t.tenant_id = tenant and t.execution_id = e.id
      union all
      select e.workflow_id || '/' || t.task_id, t.execution_id, t.path, t.executor, e.created_at, t.status, t.duration_ms, t.retry_count, t.tokens_used, t.cost
      from executions e join weft_archive.tasks t on t.tenant_id = tenant and t.execution_id = e.id
    ), attempts as (
      select t.entity, t.executor, t.created_at, a.status, a.duration_ms, a.attempt, a.cpu_ms, a.memory_mb
      from tasks t join weft.task_attempts a on a.tenant_id = tenant and a.execution_id = t.execution_id and a.path = t.path
    ), measured (entity_type, entity_id, at, status, ms, retries, cpu_ms, memory_mb, tokens, cost) as (
      select 'workflow', workflow_id, created_at, status, duration_ms, (redrive_number > 0)::int, null::bigint, null::int, null::bigint, cost from executions
      union all select 'task', entity, created_at, status, duration_ms, retry_count, null, null, tokens_used, cost from tasks
      -- What a task used stands with its attempts.
      union all select 'task', entity, created_at, null, null, 0, cpu_ms, memory_mb, null, null from attempts
      union all select 'executor', executor, created_at, status, duration_ms, (attempt > 1)::int, cpu_ms, memory_mb, null, null from attempts where executor is not null
    ), counted as (
      select entity_type, entity_id, case when grouping(hour) = 0 then 'hour' else 'day' end as granularity, coalesce(hour, day) as bucket,
        count(ms) as samples, count(ms) filter (where status = 'success') as success,
        count(ms) filter (where status in ('failed', 'timeout', 'lost')) as failed, coalesce(sum(retries) filter (where ms is not null), 0) as retries,
        min(ms) as min_ms, max(ms) as max_ms, coalesce(sum(ms), 0) as sum_ms, weft.histogram_of(array_agg(ms)) as histogram,
        sum(cpu_ms) as cpu_ms, max(memory_mb) as memory_mb_max, sum(tokens) as tokens, sum(cost) as cost
      from (select m.*, date_trunc('hour', at) as hour from measured m) m
      group by entity_type, entity_id, grouping sets ((hour), ()) having count(ms) > 0
    ), gone as (
      -- Not of executors: their attempts go with the history, and what they took stays known.
      delete from weft.performance_metrics p where p.tenant_id = tenant and p.bucket >= day and p.bucket < day + interval '1 day' and p.entity_type <> 'executor'
        and not exists (select from counted c where (c.entity_type, c.entity_id, c.granularity, c.bucket) = (p.entity_type, p.entity_id, p.granularity, p.bucket))
    )
    insert into weft.performance_metrics as p (tenant_id, entity_type, entity_id, granularity, bucket, samples, success, failed, retries,
      min_ms, max_ms, sum_ms, histogram, cpu_ms, memory_mb_max, tokens, cost)
    select tenant, c.* from counted c
    on conflict on constraint performance_metrics_key do update set
      (samples, success, failed, retries, min_ms, max_ms, sum_ms, histogram, tokens, cost) =
      (excluded.samples, excluded.success, excluded.failed, excluded.retries, excluded.min_ms, excluded.max_ms, excluded.sum_ms, excluded.histogram,
        excluded.tokens, excluded.cost),
      cpu_ms = coalesce(excluded.cpu_ms, p.cpu_ms), memory_mb_max = coalesce(excluded.memory_mb_max, p.memory_mb_max)
    where (p.samples, p.success, p.failed, p.retries, p.sum_ms, p.histogram, p.cpu_ms, p.memory_mb_max, p.tokens, p.cost) is distinct from
      (excluded.samples, excluded.success, excluded.failed, excluded.retries, excluded.sum_ms, excluded.histogram,
        coalesce(excluded.cpu_ms, p.cpu_ms), coalesce(excluded.memory_mb_max, p.memory_mb_max), excluded.tokens, excluded.cost);
  end loop;
end $$;
comment on function weft.refresh_performance_metrics(timestamptz, timestamptz) is 'Measures the days (UTC) from one time to before the other anew, by hour and by day.';

revoke execute on function weft.archive_completed_workflows(int, int, text), weft.refresh_execution_statistics(date, date),
  weft.refresh_performance_metrics(timestamptz, timestamptz) from public;
grant execute on function weft.archive_completed_workflows(int, int, text) to weft_views;
set local role weft_owner;
revoke create on schema weft from weft_engine;
grant execute on function weft.cleanup_execution_history(int, int, text) to weft_engine, weft_views;
