-- Starting, ordering and deleting executions, alone or with their version, as the documents' views do it.
set local role weft_owner;
-- Who deletes an execution locks it.
grant update (updated_at) on weft.workflow_executions to weft_views;

set local role weft_views;

-- Live and archived rows together: what the documents' views read. The policies say the tenant too, but below the union:
-- there it doesn't count for the order of an index, and a list's first page would read and sort all there is.
create view weft_sql.workflow_executions as
select e.* from (select * from weft.workflow_executions union all select * from weft_archive.executions) e
where e.tenant_id = (select weft.current_tenant());
create view weft_sql.task_executions as
select t.* from (select * from weft.task_executions union all select * from weft_archive.tasks) t
where t.tenant_id = (select weft.current_tenant());
create view weft_sql.workflow_states as
select s.* from (select * from weft.workflow_states union all select * from weft_archive.states) s
where s.tenant_id = (select weft.current_tenant());

create function weft_sql.start_execution(
  p_id text,
  p_definition_id text,
  p_workflow_id text,
  p_input jsonb,
  p_triggered_by text,
  p_correlation_id text,
  p_priority int,
  p_metadata jsonb,
  p_context jsonb
) returns weft.workflow_executions
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  starter text := weft_sql.user_of(p_triggered_by);
  workflow weft.workflows;
  definition weft.workflow_definitions;
  started weft.workflow_executions;
  new_id text := coalesce(p_id, weft.new_id());
begin
  if p_definition_id is not null then
    select d.* into definition from weft.workflow_definitions d
      where d.tenant_id = weft_sql.tenant() and d.id = p_definition_id
        and (p_workflow_id is null or d.workflow_id = p_workflow_id);
    if not found then
      raise exception 'there is no version ''%''', p_definition_id using errcode = 'foreign_key_violation';
    end if;
  end if;
  select w.* into workflow from weft.workflows w
    where w.tenant_id = weft_sql.tenant() and w.id = coalesce(definition.workflow_id, p_workflow_id);
  if not found or workflow.deleted_at is not null then
    raise exception 'there is no workflow ''%''', coalesce(definition.workflow_id, p_workflow_id, '')
      using errcode = 'foreign_key_violation';
  end if;
  if workflow.status in ('paused', 'archived') then
    raise exception 'the workflow ''%'' is %: nothing new starts', workflow.name, workflow.status
      using errcode = 'object_not_in_prerequisite_state';
  end if;
  if coalesce(definition.id, workflow.current_definition_id) is null then
    raise exception 'the workflow ''%'' has no current version', workflow.name
      using errcode = 'object_not_in_prerequisite_state', hint = 'Publish a version first.';
  end if;
  if definition.state = 'published' and not definition.is_active then
    raise exception 'version % of ''%'' is inactive', definition.version, workflow.name
      using errcode = 'object_not_in_prerequisite_state';
  end if;
  if new_id !~ '^[0-9A-Za-z._-]{1,200}$' then
    raise exception '''%'' can''t be an execution''s id', new_id using errcode = 'check_violation',
      hint = 'It has 1 to 200 of the characters 0-9 A-Z a-z . _ -';
  end if;
  insert into weft.workflow_executions
    (tenant_id, id, root_execution_id, workflow_id, definition_id, engine_version, status, input, correlation_id,
     priority, triggered_by, trigger, metadata, context)
  values (
    workflow.tenant_id, new_id, new_id, workflow.id, coalesce(definition.id, workflow.current_definition_id),
    -- Which engine runs it is known when it starts.
    0, 'pending', nullif(p_input, 'null'), p_correlation_id,
    coalesce(p_priority, 0), starter, 'sql', coalesce(p_metadata, '{}'), coalesce(p_context, '{}')
  )
  returning * into started;
  perform weft_sql.audit('execute', 'execution', started.id,
    jsonb_build_object('after', jsonb_build_object('workflow', workflow.name, 'definition', started.definition_id)));
  return started;
end $$;
comment on function weft_sql.start_execution(text, text, text, jsonb, text, text, int, jsonb, jsonb) is
  'Accepts an execution in the writer''s transaction: once that commits it runs, if it is rolled back it never was.';

create function weft_sql.order_execution(p_execution_id text, p_action text, p_reason text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  execution record;
begin
  select e.tenant_id, e.status, e.authority into execution from weft.workflow_executions e
    where e.tenant_id = weft_sql.tenant() and e.id = p_execution_id;
  if not found then
    raise exception 'the execution ''%'' is archived', p_execution_id using errcode = 'object_not_in_prerequisite_state';
  end if;
  if execution.authority > 0 and execution.status in ('success', 'failed', 'cancelled', 'timeout') then
    raise exception 'the execution ''%'' has ended: %', p_execution_id, execution.status
      using errcode = 'object_not_in_prerequisite_state';
  end if;
  insert into weft.commands (tenant_id, execution_id, action, arguments, requested_by)
    values (execution.tenant_id, p_execution_id, p_action,
      jsonb_build_object('channel', 'sql', 'reason', p_reason), weft_sql.actor());
  perform weft_sql.audit(p_action, 'execution', p_execution_id,
    jsonb_build_object('after', jsonb_build_object('reason', p_reason)));
end $$;
comment on function weft_sql.order_execution(text, text, text) is
  'Orders an execution to pause, resume or cancel; it shows once Temporal has done it, what came of it stands in weft.commands.';

create function weft_sql.begin_as(initial text, given text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if given is distinct from initial then
    perform weft_sql.refuse(format('a new execution can''t be %s', coalesce(given, 'null')),
      format('Leave status out, or give %s: from then on the engine says what it is.', initial));
  end if;
end $$;

create function weft_sql.change_status(p_execution_id text, p_wanted text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  action text := case p_wanted when 'paused' then 'pause' when 'resumed' then 'resume' when 'running' then 'resume'
    when 'cancelled' then 'cancel' end;
begin
  if action is null then
    perform weft_sql.refuse(format('an execution can''t be set to %L', p_wanted),
      'status can be set to paused, resumed and cancelled; how it ends, the engine says.');
  end if;
  perform weft_sql.order_execution(p_execution_id, action, null);
end $$;
comment on function weft_sql.change_status(text, text) is 'What setting the status of an execution through a view means.';

create function weft_sql.remove_execution(p_execution_id text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  execution record;
begin
  select e.tenant_id, e.authority, e.status into execution from weft.workflow_executions e
    where e.tenant_id = weft_sql.tenant() and e.id = p_execution_id for update;
  if not found then
    raise exception 'the execution ''%'' is archived', p_execution_id using errcode = 'object_not_in_prerequisite_state',
      hint = 'What is archived goes with its workflow, or by retention.';
  end if;
  if not (execution.authority > 0 and execution.status in ('success', 'failed', 'cancelled', 'timeout')) then
    raise exception 'the execution ''%'' is open', p_execution_id using errcode = 'restrict_violation',
      hint = 'Cancel it first, or wait for it.';
  end if;
  delete from weft.workflow_executions e where e.tenant_id = execution.tenant_id and e.id = p_execution_id;
  perform weft_sql.audit('delete', 'execution', p_execution_id,
    jsonb_build_object('before', jsonb_build_object('status', execution.status)));
end $$;
comment on function weft_sql.remove_execution(text) is 'Deletes an ended execution with its tasks, states and approvals.';

create function weft_sql.remove_definition(p_definition_id text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  definition weft.workflow_definitions;
  busy text;
begin
  perform weft_sql.lock_workflow_of(p_definition_id);
  select d.* into definition from weft.workflow_definitions d
    where d.tenant_id = weft_sql.tenant() and d.id = p_definition_id for update;
  select e.id into busy from weft.workflow_executions e
    where e.tenant_id = definition.tenant_id and e.definition_id = p_definition_id
      and not (e.authority > 0 and e.status in ('success', 'failed', 'cancelled', 'timeout'))
    limit 1;
  if busy is not null then
    raise exception 'the execution ''%'' is open', busy using errcode = 'restrict_violation',
      hint = 'Cancel the open executions of this version first, or wait for them.';
  end if;
  delete from weft.workflow_executions e
    where e.tenant_id = definition.tenant_id and e.definition_id = p_definition_id;
  delete from weft.workflow_definitions d
    where d.tenant_id = definition.tenant_id and d.id = p_definition_id;
  delete from weft.workflows w
    where w.tenant_id = definition.tenant_id and w.id = definition.workflow_id and not exists (
      select from weft.workflow_definitions d where d.tenant_id = w.tenant_id and d.workflow_id = w.id
    );
  insert into weft.workflow_definition_history (workflow_id, definition_id, action, before, changed_by)
    values (definition.workflow_id, p_definition_id, 'deleted', jsonb_build_object('version', definition.version),
      weft_sql.actor());
end $$;
comment on function weft_sql.remove_definition(text) is 'Deletes a version with its executions, and the workflow with its last; refused while one is open.';

create function weft_sql.remove_workflow(p_workflow_id text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  definition_id text;
begin
  perform from weft.workflows w where w.tenant_id = weft_sql.tenant() and w.id = p_workflow_id for update;
  for definition_id in
    select d.id from weft.workflow_definitions d
    where d.tenant_id = weft_sql.tenant() and d.workflow_id = p_workflow_id order by d.number
  loop
    perform weft_sql.remove_definition(definition_id);
  end loop;
  delete from weft.workflows w where w.tenant_id = weft_sql.tenant() and w.id = p_workflow_id;
end $$;
comment on function weft_sql.remove_workflow(text) is 'Deletes a workflow with its versions and executions; refused while one is open.';
