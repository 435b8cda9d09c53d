-- What writing to the views of @stratix/tasks means, its alarms, and its procedures.
set local role weft_views;

alter view stratix.workflow_definitions alter column is_active set default true;
alter view stratix.workflow_instances alter column status set default 'pending';
alter view stratix.workflow_instances alter column priority set default 0;

create function stratix.write_definition() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  saved weft.workflow_definitions;
begin
  if tg_op = 'DELETE' then
    perform weft_sql.remove_definition(old.id);
    return old;
  end if;
  if tg_op = 'UPDATE' then
    perform weft_sql.allow_changes(to_jsonb(old), to_jsonb(new), 'is_active', 'description', 'category', 'tags', 'updated_at');
    if new.is_active is distinct from old.is_active then
      perform weft_sql.activate(old.id, coalesce(new.is_active, false));
    end if;
    perform weft_sql.describe_workflow_of(old.id, new.description, new.category, new.tags);
    select v.* into new from stratix.workflow_definitions v where v.id = old.id;
    return new;
  end if;
  new.is_active := coalesce(new.is_active, true);
  perform weft_sql.need(new.name, 'name'), weft_sql.need(new.definition_json, 'definition_json');
  saved := weft_sql.save_version(
    null, new.name, null, new.version, null, new.id, new.definition_json, null,
    weft_sql.dialect_of(new.definition_json), 'published', new.is_active, null, new.created_by);
  perform weft_sql.describe_workflow_of(saved.id, new.description, new.category, new.tags);
  if not new.is_active then
    perform weft_sql.activate(saved.id, false);
  end if;
  select v.* into new from stratix.workflow_definitions v where v.id = saved.id;
  return new;
end $$;

create function stratix.write_instance() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  started weft.workflow_executions;
begin
  if tg_op = 'DELETE' then
    perform weft_sql.remove_execution(old.id);
    return old;
  end if;
  if tg_op = 'UPDATE' then
    perform weft_sql.allow_changes(to_jsonb(old), to_jsonb(new), 'status', 'updated_at');
    if new.status is distinct from old.status then
      perform weft_sql.change_status(old.id, new.status);
    end if;
    -- It shows once Temporal has done it.
    return old;
  end if;
  perform weft_sql.allow_values(to_jsonb(new), 'id', 'definition_id', 'status', 'input_data', 'context_data',
    'correlation_id', 'priority', 'created_by');
  perform weft_sql.need(new.definition_id, 'definition_id'), weft_sql.begin_as('pending', new.status);
  started := weft_sql.start_execution(
    new.id, new.definition_id, null, new.input_data, new.created_by, new.correlation_id, new.priority, null,
    new.context_data);
  select v.* into new from stratix.workflow_instances v where v.id = started.id;
  return new;
end $$;

create function stratix.refuse_write() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception '%.% can only be read', tg_table_schema, tg_table_name
    using errcode = 'feature_not_supported', hint = tg_argv[0];
end $$;

create trigger write_definition instead of insert or update or delete on stratix.workflow_definitions
  for each row execute function stratix.write_definition();
create trigger write_instance instead of insert or update or delete on stratix.workflow_instances
  for each row execute function stratix.write_instance();
do $$
declare
  name text;
begin
  foreach name in array array[
    'workflow_definition_history', 'task_instances', 'execution_history', 'performance_metrics'
  ] loop
    execute format('create trigger refuse_write instead of insert or update or delete on stratix.%I
      for each row execute function stratix.refuse_write(%L)', name, 'The engine writes it, from what really happens.');
  end loop;
end $$;
create trigger refuse_write instead of insert or update or delete on stratix.workflow_schedules
  for each row execute function stratix.refuse_write('Schedules don''t fire yet: they come with a later version.');

-- Alarms: what is over the thresholds in weft.settings.
create view stratix.v_long_running_workflows as
select
  e.id,
  e.definition_id,
  w.name,
  d.version,
  stratix.instance_status_of(e.status) as status,
  e.start_time as started_at,
  (extract(epoch from now() - e.start_time) * 1000)::bigint as running_ms,
  e.current_path,
  e.waiting_for
from weft.workflow_executions e
left join weft.workflow_definitions d on d.tenant_id = e.tenant_id and d.id = e.definition_id
left join weft.workflows w on w.tenant_id = e.tenant_id and w.id = e.workflow_id
where e.status in ('running', 'paused')
  and e.start_time < now() - make_interval(mins => (select weft.alarm_threshold('long_running_minutes'))::int);
comment on view stratix.v_long_running_workflows is
  'Executions that have been open longer than setting long_running_minutes (60): alarm_threshold.';

create view stratix.v_high_failure_rate_workflows as
select
  d.id as definition_id,
  w.name,
  d.version,
  sum(s.finished)::int as finished,
  sum(s.failed)::int as failed,
  round(sum(s.failed)::numeric / sum(s.finished), 4) as failure_rate
from weft.execution_statistics s
join weft.workflow_definitions d on d.tenant_id = s.tenant_id and d.id = s.definition_id
join weft.workflows w on w.tenant_id = d.tenant_id and w.id = d.workflow_id
where s.stat_hour is null and s.stat_date >= (now() at time zone 'UTC')::date - 1
group by d.tenant_id, d.id, w.name, d.version
having sum(s.finished) >= (select weft.alarm_threshold('failure_minimum'))
  and sum(s.failed) > (select weft.alarm_threshold('failure_rate')) * sum(s.finished);
comment on view stratix.v_high_failure_rate_workflows is
  'Versions of which, yesterday and today, more than setting failure_rate (0.2) of at least failure_minimum (10) failed; as of the last refresh of the statistics.';

create view stratix.v_resource_anomalies as
select
  t.id as task_instance_id,
  t.execution_id as instance_id,
  t.task_id,
  t.executor,
  t.duration_ms,
  usual.p95::bigint as usual_ms,
  round(t.duration_ms / greatest(usual.p95, 1)::numeric, 1) as factor
from weft.task_executions t
join lateral (
  select percentile_cont(0.5) within group (order by m.p95_ms) as p95
  from weft.performance_metrics m
  where m.tenant_id = t.tenant_id and m.entity_type = 'executor' and m.entity_id = t.executor
    and m.granularity = 'day' and m.bucket >= now() - interval '30 days'
) usual on usual.p95 is not null
where t.created_at >= now() - interval '1 day' and t.executor is not null
  and t.duration_ms > (select weft.alarm_threshold('resource_factor')) * greatest(usual.p95, 1000);
comment on view stratix.v_resource_anomalies is
  'Tasks of the last day that took more than setting resource_factor (3) times their executor''s usual p95, and over 3 s.';

create procedure stratix.cleanupexecutionhistory(days int)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform weft_sql.need_admin();
  perform weft.cleanup_execution_history(days, of_tenant => weft_sql.tenant());
end $$;
comment on procedure stratix.cleanupexecutionhistory(int) is 'Removes history older than so many days; of open executions none.';

create procedure stratix.archivecompletedworkflows(days int)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform weft_sql.need_admin();
  perform weft.archive_completed_workflows(days, of_tenant => weft_sql.tenant());
end $$;
comment on procedure stratix.archivecompletedworkflows(int) is 'Moves executions that ended so many days ago into the archive; the views show both.';

grant execute on procedure stratix.cleanupexecutionhistory(int), stratix.archivecompletedworkflows(int) to weft_app, weft_sql;
grant select on stratix.v_long_running_workflows, stratix.v_high_failure_rate_workflows, stratix.v_resource_anomalies
  to weft_app, weft_readonly, weft_sql;
