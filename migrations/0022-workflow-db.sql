-- The TID platform's workflow_db: workflows as graphs that Vue Flow draws, and their executions.
create schema workflow_db authorization weft_views;
comment on schema workflow_db is 'The TID platform''s workflow_db as views; workflow_service reads and writes them.';
set local role weft_views;

create function workflow_db.execution_status_of(status text) returns text language sql immutable parallel safe
return case when status = 'success' then 'completed' when status = 'timeout' then 'failed'
  when status = 'paused' then 'running' else status end;
create function workflow_db.node_status_of(status text) returns text language sql immutable parallel safe
return case when status in ('waiting', 'retry') then 'running' when status = 'success' then 'completed'
  when status = 'skipped' then 'cancelled' else status end;

-- What wasn't drawn shows as its tasks, one below the other; a task without dependencies waits for the one before.
create function workflow_db.nodes_of(graph jsonb, body jsonb) returns jsonb language sql immutable parallel safe
return coalesce(case when jsonb_typeof(graph -> 'nodes') = 'array' then graph -> 'nodes' end, (
  select jsonb_agg(jsonb_build_object('id', task -> 'id', 'type', task -> 'type',
    'position', jsonb_build_object('x', 0, 'y', (n - 1) * 100), 'data', task - '{id,type,dependencies}'::text[]) order by n)
  from jsonb_array_elements(case when jsonb_typeof(body -> 'tasks') = 'array' then body -> 'tasks' end)
    with ordinality as t (task, n)
  where jsonb_typeof(task) = 'object'
), '[]');
create function workflow_db.edges_of(graph jsonb, body jsonb) returns jsonb language sql immutable parallel safe
return coalesce(case when jsonb_typeof(graph -> 'edges') = 'array' then graph -> 'edges' end, (
  select jsonb_agg(jsonb_build_object('id', source || '-' || target, 'source', source, 'target', target) order by n, source)
  from (
    select task ->> 'id' as target, task -> 'dependencies' as named, lag(task ->> 'id') over (order by n) as before, n
    from jsonb_array_elements(case when jsonb_typeof(body -> 'tasks') = 'array' then body -> 'tasks' end)
      with ordinality as t (task, n)
    where jsonb_typeof(task) = 'object'
  ) tasks
  cross join lateral (
    select jsonb_array_elements_text(case when jsonb_typeof(named) = 'array' then named end)
    union all select before where named is null and before is not null
  ) edge (source)
), '[]');
grant execute on all functions in schema workflow_db to public;

create view workflow_db.workflows as
select w.id, w.owner_id as user_id, w.title as name, w.description, w.status, coalesce(c.number, 1) as version,
  workflow_db.nodes_of(shown.graph, shown.body) as nodes, workflow_db.edges_of(shown.graph, shown.body) as edges,
  coalesce(shown.graph -> 'viewport', '{"x": 0, "y": 0, "zoom": 1}') as viewport,
  w.metadata, w.tags, w.created_at, w.updated_at, w.published_at, w.deleted_at
from weft.workflows w
left join weft.workflow_definitions c on c.tenant_id = w.tenant_id and c.id = w.current_definition_id
left join weft.workflow_definitions d on d.tenant_id = w.tenant_id and d.workflow_id = w.id and d.state = 'draft'
cross join lateral (
  select case when d.id is null then c.graph else d.graph end, case when d.id is null then c.body else d.body end
) shown (graph, body);

create view workflow_db.workflow_nodes as
select w.id as workflow_id, node ->> 'id' as id, node ->> 'type' as type, node #>> '{data,label}' as label,
  node -> 'position' as position, node -> 'data' as data, (n - 1)::int as order_index
from workflow_db.workflows w cross join lateral jsonb_array_elements(w.nodes) with ordinality as t (node, n);

create view workflow_db.workflow_edges as
select w.id as workflow_id, edge ->> 'id' as id, edge ->> 'source' as source, edge ->> 'target' as target,
  edge ->> 'sourceHandle' as source_handle, edge ->> 'targetHandle' as target_handle, edge ->> 'type' as type,
  edge ->> 'label' as label, edge -> 'data' as data, (n - 1)::int as order_index
from workflow_db.workflows w cross join lateral jsonb_array_elements(w.edges) with ordinality as t (edge, n);

create view workflow_db.workflow_executions as
select e.id, e.workflow_id, e.triggered_by as user_id, workflow_db.execution_status_of(e.status) as status, e.input, e.output,
  case when e.error_code is not null then
    jsonb_build_object('code', e.error_code, 'detail', e.error_detail, 'task', e.error_task) end as error,
  coalesce((
    select jsonb_agg(jsonb_build_object(
      'node_id', t.task_id, 'status', workflow_db.node_status_of(t.status), 'started_at', t.start_time,
      'completed_at', t.end_time, 'output', t.result, 'error', case when t.error_code is not null then
        jsonb_build_object('code', t.error_code, 'detail', t.error_detail) end
    ) order by t.execution_order, t.path collate "C")
    from weft_sql.task_executions t where t.tenant_id = e.tenant_id and t.execution_id = e.id
  ), '[]') as node_executions,
  e.current_path as current_node_id, e.total_tasks as total_nodes, e.completed_tasks as completed_nodes,
  e.duration_ms as execution_time_ms, e.cost, e.created_at, e.start_time as started_at, e.end_time as completed_at
from weft_sql.workflow_executions e;

create view workflow_db.workflow_snapshots as
select s.id, s.workflow_id, s.snapshot as snapshot_data, s.created_by, s.created_at from weft.workflow_snapshots s;

alter view workflow_db.workflows alter id set default weft.new_id();
alter view workflow_db.workflows alter status set default 'draft';
alter view workflow_db.workflows alter nodes set default '[]';
alter view workflow_db.workflows alter edges set default '[]';
alter view workflow_db.workflows alter viewport set default '{"x": 0, "y": 0, "zoom": 1}';
alter view workflow_db.workflows alter metadata set default '{}';
alter view workflow_db.workflows alter created_at set default now();
alter view workflow_db.workflow_executions alter id set default weft.new_id();
alter view workflow_db.workflow_executions alter status set default 'pending';

create function workflow_db.insert_workflow(made workflow_db.workflows) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  owner text := weft_sql.user_of(made.user_id);
  wanted text := left(regexp_replace(made.name, '[/\u0001-\u001f\u007f-\u009f]+', '-', 'g'), 110);
  core_name text := wanted;
  n int;
begin
  perform weft_sql.need(made.name, 'name');
  loop
    insert into weft.workflows (tenant_id, id, name, title, description, metadata, tags, owner_id, created_at)
      values (weft_sql.tenant(), made.id, core_name, made.name, made.description, coalesce(made.metadata, '{}'),
        coalesce(made.tags, '{}'), owner, made.created_at)
      on conflict (tenant_id, name) do nothing;
    exit when found;
    select coalesce(n + 1, count(*) + 2) into n from weft.workflows w
      where w.tenant_id = weft_sql.tenant() and starts_with(w.name, wanted || '-');
    core_name := wanted || '-' || n;
  end loop;
  perform weft_sql.save_version(made.id, null, null, null, coalesce(made.version, 1), null,
    jsonb_build_object('nodes', made.nodes, 'edges', made.edges, 'viewport', made.viewport), null, 'graph',
    case made.status when 'draft' then 'draft' else 'published' end, true, null, owner);
  update weft.workflows w
    set status = made.status, published_at = coalesce(made.published_at, w.published_at), deleted_at = made.deleted_at
    where w.tenant_id = weft_sql.tenant() and w.id = made.id;
end $$;

create function workflow_db.update_workflow(old workflow_db.workflows, new workflow_db.workflows) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  shown weft.workflow_definitions;
  body jsonb;
begin
  perform weft_sql.allow_changes(to_jsonb(old), to_jsonb(new), 'name', 'description', 'status', 'version', 'nodes', 'edges',
    'viewport', 'metadata', 'tags', 'updated_at', 'deleted_at');
  select d.* into shown from weft.workflow_definitions d
    join weft.workflows w on w.tenant_id = d.tenant_id and w.id = d.workflow_id
    where w.tenant_id = weft_sql.tenant() and w.id = old.id and (d.state = 'draft' or d.id = w.current_definition_id)
    order by d.state limit 1 for update;
  if (new.nodes, new.edges, new.viewport) is distinct from (old.nodes, old.edges, old.viewport) then
    if shown.dialect <> 'graph' then
      perform weft_sql.refuse(format('it wasn''t drawn, but written as %s', shown.dialect),
        'Its nodes are made of its tasks: save a new version of it.');
    end if;
    body := coalesce(shown.body, '{}')
      || jsonb_build_object('nodes', new.nodes, 'edges', new.edges, 'viewport', new.viewport);
    if shown.state = 'draft' then
      perform weft_sql.change_draft(shown.id, body);
    else
      shown := weft_sql.save_version(old.id, null, null, null, null, null, body, null, 'graph', 'draft', false, null, null);
    end if;
  end if;
  if new.version is distinct from old.version
    and (shown.state = 'published' or new.version is distinct from shown.number) then
    perform weft_sql.refuse(format('version can''t be set to %s', new.version), case when shown.state = 'draft'
      then format('The draft is published by version = %s.', shown.number)
      else 'Change its nodes first: that makes a draft, which the next number publishes.' end);
  end if;
  if shown.state = 'draft' and (new.version <> old.version or (new.status = 'active' and old.status = 'draft')) then
    perform weft_sql.publish(shown.id);
  end if;
  update weft.workflows w
    set title = weft_sql.pick(old.name, new.name, w.title),
      description = weft_sql.pick(old.description, new.description, w.description),
      status = weft_sql.pick(old.status, new.status, w.status), tags = coalesce(weft_sql.pick(old.tags, new.tags, w.tags), '{}'),
      metadata = coalesce(weft_sql.pick(old.metadata, new.metadata, w.metadata), '{}'),
      deleted_at = weft_sql.pick(old.deleted_at, new.deleted_at, w.deleted_at), row_version = w.row_version + 1
    where w.tenant_id = weft_sql.tenant() and w.id = old.id;
end $$;

create function workflow_db.write_workflow() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'DELETE' then
    perform weft_sql.remove_workflow(old.id);
    return old;
  elsif tg_op = 'UPDATE' and new is not distinct from old then
    return new;
  elsif new.status is null or new.status not in ('draft', 'active', 'paused', 'archived') then
    raise exception 'the status of a workflow is draft, active, paused or archived' using errcode = 'check_violation';
  end if;
  if tg_op = 'INSERT' then
    perform workflow_db.insert_workflow(new);
  else
    perform workflow_db.update_workflow(old, new);
  end if;
  select v.* into new from workflow_db.workflows v where v.id = new.id;
  return new;
end $$;

create function workflow_db.write_execution() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  started weft.workflow_executions;
begin
  if tg_op = 'DELETE' then
    perform weft_sql.remove_execution(old.id);
    return old;
  elsif tg_op = 'UPDATE' then
    perform weft_sql.allow_changes(to_jsonb(old), to_jsonb(new), 'status');
    if new.status is distinct from old.status then
      perform weft_sql.change_status(old.id, new.status);
    end if;
    return old;
  end if;
  -- The document's own defaults, if someone writes them out.
  perform weft_sql.allow_values(to_jsonb(new) || jsonb_build_object(
    'node_executions', nullif(new.node_executions, '[]'), 'completed_nodes', nullif(new.completed_nodes, 0)), 'id', 'workflow_id', 'user_id', 'status', 'input');
  perform weft_sql.need(new.workflow_id, 'workflow_id'), weft_sql.begin_as('pending', new.status);
  started := weft_sql.start_execution(new.id, null, new.workflow_id, new.input, new.user_id, null, null, null, null);
  select v.* into new from workflow_db.workflow_executions v where v.id = started.id;
  return new;
end $$;

create function workflow_db.refuse_write() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception '%.% can only be read', tg_table_schema, tg_table_name
    using errcode = 'feature_not_supported', hint = 'Write nodes and edges of workflow_db.workflows.';
end $$;

create trigger write_workflow instead of insert or update or delete on workflow_db.workflows
  for each row execute function workflow_db.write_workflow();
create trigger write_execution instead of insert or update or delete on workflow_db.workflow_executions
  for each row execute function workflow_db.write_execution();
create trigger refuse_write instead of insert or update or delete on workflow_db.workflow_nodes for each row
  execute function workflow_db.refuse_write();
create trigger refuse_write instead of insert or update or delete on workflow_db.workflow_edges for each row
  execute function workflow_db.refuse_write();

comment on view workflow_db.workflows is 'Workflows with the graph being worked on: the draft''s, else the current version''s.';
comment on column workflow_db.workflows.status is 'Set to active from draft, it publishes the draft; paused and archived start nothing.';
comment on column workflow_db.workflows.version is 'Number of the current version; set to the draft''s number, it publishes that.';
comment on column workflow_db.workflows.nodes is 'As Vue Flow draws them; changed, they make a draft, and what is published runs on.';
comment on view workflow_db.workflow_nodes is 'The nodes of workflow_db.workflows, one by one.';
comment on view workflow_db.workflow_edges is 'The edges of workflow_db.workflows, one by one.';
comment on view workflow_db.workflow_executions is 'Executions; an insert starts the current version when it commits.';
comment on column workflow_db.workflow_executions.status is 'Takes paused, running and cancelled.';
comment on column workflow_db.workflow_executions.node_executions is 'Its tasks in the definition''s order, each once, with its last attempt.';
comment on column workflow_db.workflow_executions.current_node_id is 'Path of the task that began last.';
comment on view workflow_db.workflow_snapshots is 'What an editor kept of a workflow between versions.';

grant usage on schema workflow_db to workflow_service, weft_app, weft_readonly, weft_sql, weft_owner;
grant select on all tables in schema workflow_db to weft_readonly;
grant select, insert, update, delete on all tables in schema workflow_db to workflow_service, weft_app, weft_sql;

set local role weft_owner;
create index workflow_executions_t_status
  on weft.workflow_executions (tenant_id, workflow_db.execution_status_of(status), created_at desc);
create index executions_t_status
  on weft_archive.executions (tenant_id, workflow_db.execution_status_of(status), created_at desc);
