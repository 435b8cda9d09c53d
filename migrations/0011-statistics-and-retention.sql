create schema weft_archive authorization weft_owner;
set local role weft_owner;

create table weft.execution_statistics (
  tenant_id text not null default weft.current_tenant(),
  id text not null default weft.new_id(),
  workflow_id text not null,
  definition_id text not null,
  stat_date date not null,
  stat_hour smallint check (stat_hour between 0 and 23),
  total int not null default 0,
  successful int not null default 0,
  failed int not null default 0,
  cancelled int not null default 0,
  timed_out int not null default 0,
  finished int not null default 0,
  sum_duration_ms numeric not null default 0,
  avg_duration_ms bigint generated always as (round(sum_duration_ms / nullif(finished, 0))::bigint) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint execution_statistics_key unique nulls not distinct (tenant_id, definition_id, stat_date, stat_hour),
  foreign key (tenant_id, workflow_id) references weft.workflows (tenant_id, id) on delete cascade,
  foreign key (tenant_id, definition_id) references weft.workflow_definitions (tenant_id, id) on delete cascade
);
comment on table weft.execution_statistics is 'Executions per version and hour or day (UTC) in which they were accepted.';
comment on column weft.execution_statistics.stat_hour is 'Null in the row of the whole day.';
comment on column weft.execution_statistics.failed is 'Those that timed out included.';
comment on column weft.execution_statistics.finished is 'Those that began and ended: what the durations are of.';
create index execution_statistics_workflow on weft.execution_statistics (tenant_id, workflow_id, stat_date desc);

-- Whole ms at which a bucket of a histogram begins, each a fourth root of 2 above the one before: up to 2^36 ms, 2 years.
-- Written out, as it is asked for with every percentile.
do $$
begin
  execute format('create function weft.histogram_bounds() returns bigint[] language sql immutable parallel safe return %L::bigint[]',
    array(select distinct trunc(2 ^ (i / 4.0))::bigint from generate_series(0, 144) i order by 1));
end $$;
comment on function weft.histogram_bounds() is
  'Where the buckets of a histogram begin, ms: the first holds what is less than the first bound, the last has no end.';

create function weft.histogram_of(durations bigint[]) returns int[] language sql immutable parallel safe
return (
  with counted as (
    select width_bucket(ms, weft.histogram_bounds()) + 1 as bucket, count(*)::int as n
    from unnest(durations) ms where ms is not null group by 1
  )
  select coalesce(array_agg(coalesce(n, 0) order by i), '{}')
  from generate_series(1, (select max(bucket) from counted)) i left join counted on bucket = i
);
comment on function weft.histogram_of(bigint[]) is 'How many durations fall into each bucket, up to the last that isn''t empty.';

create function weft.percentile_of(histogram int[], fraction double precision) returns bigint language sql immutable parallel safe
return (
  with counted as (
    select i, n, sum(n) over (order by i) as up_to, fraction * sum(n) over () as wanted,
      coalesce((weft.histogram_bounds())[i - 1], 0) as low,
      coalesce((weft.histogram_bounds())[i] - 1, (weft.histogram_bounds())[i - 1]) as high
    from unnest(histogram) with ordinality as h (n, i)
  )
  select round(low + (high - low) * greatest(0, 1 - (up_to - wanted) / n))::bigint
  from counted where n > 0 and up_to >= wanted order by i limit 1
);
comment on function weft.percentile_of(int[], double precision) is
  'The duration, ms, under which that fraction of them is; at most a bucket off (19 %). Null of none.';

create table weft.performance_metrics (
  tenant_id text not null default weft.current_tenant(),
  id text not null default weft.new_id(),
  entity_type text not null check (entity_type in ('workflow', 'task', 'executor')),
  entity_id text not null,
  granularity text not null check (granularity in ('hour', 'day')),
  bucket timestamptz not null,
  samples int not null default 0,
  success int not null default 0,
  failed int not null default 0,
  retries int not null default 0,
  min_ms bigint,
  max_ms bigint,
  sum_ms numeric not null default 0,
  histogram int[] not null default '{}',
  p50_ms bigint generated always as (greatest(min_ms, least(max_ms, weft.percentile_of(histogram, 0.5)))) stored,
  p95_ms bigint generated always as (greatest(min_ms, least(max_ms, weft.percentile_of(histogram, 0.95)))) stored,
  p99_ms bigint generated always as (greatest(min_ms, least(max_ms, weft.percentile_of(histogram, 0.99)))) stored,
  cpu_ms bigint,
  memory_mb_max int,
  tokens bigint,
  cost numeric(14, 4),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint performance_metrics_key unique (tenant_id, entity_type, entity_id, granularity, bucket)
);
comment on table weft.performance_metrics is 'How long workflows, tasks and executors take, by the hour or day (UTC) in which it was begun.';
comment on column weft.performance_metrics.entity_id is 'Id of the workflow; workflow/task_id; name of the executor.';
comment on column weft.performance_metrics.samples is 'Runs that began and ended; of an executor, attempts.';
comment on column weft.performance_metrics.retries is 'Of a workflow, runs that were redrives; else attempts after the first.';
comment on column weft.performance_metrics.histogram is 'Samples by bucket of weft.histogram_bounds(); hours add up to days.';
create index performance_metrics_bucket on weft.performance_metrics (tenant_id, granularity, bucket desc);

do $$
declare
  name text;
begin
  foreach name in array array['execution_statistics', 'performance_metrics'] loop
    execute format('create trigger %I before update on weft.%I
      for each row execute function weft.update_updated_at_column()', 'update_' || name || '_updated_at', name);
    execute format('call weft.isolate_tenants(%L)', 'weft.' || name);
    execute format('grant select on weft.%I to weft_app, weft_readonly, weft_views', name);
    execute format('grant select, insert, update, delete on weft.%I to weft_engine', name);
  end loop;
end $$;

comment on table weft.users is 'People and programs of a tenant; `system` did what nobody else did.';
comment on column weft.users.name is 'Full name.';
comment on column weft.users.groups is 'Groups that approvals may name.';
comment on table weft.api_keys is 'Keys for the API; of the key itself only its hash is kept.';
comment on column weft.api_keys.prefix is 'The key''s first characters, to tell it by.';
comment on column weft.api_keys.rotated_from is 'Id of the key that it replaces.';
comment on table weft.idempotency_keys is 'Answers to requests that said an Idempotency-Key: a repeat gets the same.';
comment on table weft.audit_logs is 'Who did what, per tenant a chain of hashes; only grows.';
comment on column weft.audit_logs.chain_no is 'Place in the tenant''s chain; set with the hashes by the sealer, once.';
comment on table weft.workflows is 'Workflows by name; what they do stands in their versions.';
comment on column weft.workflows.seq is 'The id as an integer, for those who know workflows by one.';
comment on column weft.workflows.row_version is 'Counts changes; who saves says which one they saw.';
comment on table weft.workflow_definitions is 'Versions of workflows; published ones never change.';
comment on column weft.workflow_definitions.source is 'As it was written; body is the same as JSON.';
comment on column weft.workflow_definitions.plan is 'What the engine runs, compiled from the body.';
comment on column weft.workflow_definitions.graph is 'Nodes and edges as an editor drew them.';
comment on column weft.workflow_definitions.weight is 'Percent of the starts that this version gets.';
comment on table weft.workflow_definition_history is 'What happened to workflows and their versions; only grows.';
comment on table weft.workflow_executions is 'Runs of workflows, as far as Temporal''s history is mirrored.';
comment on column weft.workflow_executions.redrive_of is 'The execution it repeats from where that failed.';
comment on column weft.workflow_executions.authority is 'Who said it: 0 the start, 1 the running workflow or its tasks, 2 Temporal''s history.';
comment on column weft.workflow_executions.ord is 'Of two writes of one authority the later one; order is epoch, authority, ord, attempt, state_rank.';
comment on column weft.workflow_executions.epoch is 'Goes up when Temporal''s history was lost or set back.';
comment on column weft.workflow_executions.confirmed is 'It is what Temporal''s closed history says.';
comment on column weft.workflow_executions.input_ref is 'Id in payloads of an input too large for the row; so output_ref.';
comment on column weft.workflow_executions.waiting_for is 'What it waits for now: approvals, events, times.';
comment on table weft.task_executions is 'Tasks of executions, one row per path.';
comment on column weft.task_executions.path is 'Place in the execution, such as /each[17]/send.';
comment on column weft.task_executions.local is 'Ran within the workflow''s own worker; may have run twice.';
comment on table weft.workflow_states is 'What an execution carried over from one run to the next.';
comment on table weft.mirror_cursors is 'How far Temporal''s history of an execution is read.';
comment on table weft.approvals is 'Questions to people; a task asks again in a new round.';
comment on column weft.approvals.quorum_kind is 'How many must agree: quorum many, all, or more than half of the candidates.';
comment on table weft.approval_candidates is 'Who may vote.';
comment on table weft.approval_links is 'Links by which one user may vote once without logging in; of the token only its hash is kept.';
comment on table weft.approval_votes is 'One vote per person and approval.';
comment on table weft.task_attempts is 'Every try of every task, by month of the execution.';
comment on column weft.task_attempts.status is 'lost: the worker never said how it ended.';
comment on table weft.execution_history is 'What happened in executions, by month; only grows.';
comment on column weft.execution_history.event_key is 'The same event told twice has the same key.';
comment on table weft.execution_logs is 'What tasks and agents logged, by month.';

create function weft.alarm_threshold(name text) returns numeric
language sql stable parallel restricted security definer
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(
    (select (s.value #>> '{}')::numeric from weft.settings s where s.tenant_id = weft.current_tenant() and s.name = $1),
    case $1 when 'long_running_minutes' then 60 when 'failure_rate' then 0.2 when 'failure_minimum' then 10 when 'resource_factor' then 3 end
  )
$$;
comment on function weft.alarm_threshold(text) is
  'From when on an alarm view shows something: long_running_minutes (60), failure_rate (0.2) of at least failure_minimum (10) executions, resource_factor (3) times the usual. A row of that name in weft.settings says otherwise.';
create policy lookup on weft.settings for select to weft_owner using (true);
grant execute on function weft.alarm_threshold(text) to weft_app, weft_engine, weft_readonly, weft_views;
grant execute on function weft.histogram_bounds(), weft.histogram_of(bigint[]), weft.percentile_of(int[], double precision)
  to weft_app, weft_engine, weft_readonly, weft_views;

comment on schema weft_archive is 'Finished executions, 30 days later: the core''s tables of them, as they were then.';
grant usage on schema weft_archive to weft_app, weft_engine, weft_readonly, weft_views, weft_search;
-- Generated columns are plain ones here. A workflow that is removed takes what is archived of it along.
create table weft_archive.executions (
  like weft.workflow_executions including comments including indexes,
  foreign key (tenant_id, workflow_id) references weft.workflows (tenant_id, id) on delete cascade,
  foreign key (tenant_id, definition_id) references weft.workflow_definitions (tenant_id, id) on delete cascade,
  foreign key (tenant_id, triggered_by) references weft.users (tenant_id, id) on delete restrict
);
comment on table weft_archive.executions is 'weft.workflow_executions, archived; archived_at tells when.';
create table weft_archive.tasks (
  like weft.task_executions including comments including indexes,
  foreign key (tenant_id, execution_id) references weft_archive.executions (tenant_id, id) on delete cascade
);
comment on table weft_archive.tasks is 'weft.task_executions, archived.';
create table weft_archive.states (
  like weft.workflow_states including comments including indexes,
  foreign key (tenant_id, execution_id) references weft_archive.executions (tenant_id, id) on delete cascade
);
comment on table weft_archive.states is 'weft.workflow_states, archived.';
create table weft_archive.approvals (
  like weft.approvals including comments including indexes,
  foreign key (tenant_id, execution_id) references weft_archive.executions (tenant_id, id) on delete cascade
);
comment on table weft_archive.approvals is 'weft.approvals, archived.';
create table weft_archive.approval_candidates (
  like weft.approval_candidates including comments including indexes,
  foreign key (tenant_id, approval_id) references weft_archive.approvals (tenant_id, id) on delete cascade
);
comment on table weft_archive.approval_candidates is 'weft.approval_candidates, archived.';
create table weft_archive.approval_votes (
  like weft.approval_votes including comments including indexes,
  foreign key (tenant_id, approval_id) references weft_archive.approvals (tenant_id, id) on delete cascade
);
comment on table weft_archive.approval_votes is 'weft.approval_votes, archived.';
do $$
declare
  name text;
begin
  foreach name in array array['executions', 'tasks', 'states', 'approvals', 'approval_candidates', 'approval_votes'] loop
    execute format('call weft.isolate_tenants(%L)', 'weft_archive.' || name);
    execute format('grant select on weft_archive.%I to weft_app, weft_readonly, weft_views', name);
    execute format('grant select, insert, update, delete on weft_archive.%I to weft_engine', name);
  end loop;
end $$;

-- Its owner refreshes it and must see every tenant. It has no row-level security: a view of the tenant's rows stands before it.
grant create on schema weft to weft_engine;
set local role weft_engine;
create materialized view weft.workflow_execution_stats as
select tenant_id, workflow_id, count(*) as total_executions,
  count(*) filter (where status = 'success') as successful_count,
  count(*) filter (where status in ('failed', 'timeout')) as failed_count,
  avg(duration_ms) as avg_duration_ms
from (
  select tenant_id, workflow_id, status, duration_ms from weft.workflow_executions
  union all
  select tenant_id, workflow_id, status, duration_ms from weft_archive.executions
) e where workflow_id is not null group by tenant_id, workflow_id;
comment on materialized view weft.workflow_execution_stats is 'Executions per workflow, archived ones included, as of the last refresh.';
-- Refreshing it while it is read needs this.
create unique index workflow_execution_stats_key on weft.workflow_execution_stats (tenant_id, workflow_id);
grant select on weft.workflow_execution_stats to weft_views;
create function weft.refresh_workflow_execution_stats() returns void language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  refresh materialized view concurrently weft.workflow_execution_stats;
end $$;
-- Other than of weft_owner's functions, the public may call them unless told otherwise.
revoke execute on function weft.refresh_workflow_execution_stats() from public;
comment on function weft.refresh_workflow_execution_stats() is 'Brings weft.workflow_execution_stats up to date while it is read.';
set local role weft_owner;
revoke create on schema weft from weft_engine;
