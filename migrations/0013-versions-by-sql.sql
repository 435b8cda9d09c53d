-- Saving, publishing and changing versions of workflows, as the documents' views do it.
set local role weft_views;

-- The workflow of an id or a name, made where there is none of that name, revived where it was deleted; locked.
create function weft_sql.lock_workflow(p_id text, p_name text, p_title text, p_owner text) returns weft.workflows
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  workflow weft.workflows;
begin
  if p_id is null then
    insert into weft.workflows (tenant_id, name, title, owner_id, status)
      values (weft_sql.tenant(), p_name, coalesce(nullif(btrim(p_title), ''), p_name), p_owner, 'draft')
      on conflict (tenant_id, name) do nothing;
  end if;
  select w.* into workflow from weft.workflows w
    -- One equality, which an index answers.
    where w.tenant_id = weft_sql.tenant() and w.id = coalesce(p_id,
      (select n.id from weft.workflows n where n.tenant_id = weft_sql.tenant() and n.name = p_name))
    -- Executions of it go on starting.
    for no key update;
  if not found then
    raise exception 'there is no workflow ''%''', p_id using errcode = 'foreign_key_violation';
  end if;
  if workflow.deleted_at is not null then
    update weft.workflows w set deleted_at = null where w.tenant_id = workflow.tenant_id and w.id = workflow.id;
  end if;
  return workflow;
end $$;

-- Whoever writes to versions locks their workflow first, so that two of them wait and neither is a deadlock's victim.
create function weft_sql.lock_workflow_of(p_definition_id text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  perform from weft.workflows w
    where w.tenant_id = weft_sql.tenant()
      and w.id = (select d.workflow_id from weft.workflow_definitions d where d.tenant_id = w.tenant_id and d.id = p_definition_id)
    for no key update;
end $$;
comment on function weft_sql.lock_workflow_of(text) is 'Locks the workflow of a version until the transaction ends.';

create function weft_sql.make_current(p_workflow_id text, p_definition_id text) returns void
language sql
begin atomic
  update weft.workflows w
  set current_definition_id = d.id,
    -- What the definition says of itself, as when it is saved over HTTP; what it doesn't say stays.
    title = coalesce(nullif(btrim(d.body ->> 'title'), ''), w.title),
    description = coalesce(d.body ->> 'description', w.description),
    category = coalesce(d.body ->> 'category', w.category),
    tags = case when jsonb_typeof(d.body -> 'tags') = 'array'
      then array(select tag #>> '{}' from jsonb_array_elements(d.body -> 'tags') tag where jsonb_typeof(tag) = 'string')
      else w.tags end,
    status = case when w.status = 'draft' then 'active' else w.status end,
    published_at = now(),
    row_version = w.row_version + 1
  from weft.workflow_definitions d
  where w.tenant_id = (select weft.current_tenant()) and w.id = p_workflow_id
    and d.tenant_id = w.tenant_id and d.id = p_definition_id and d.workflow_id = w.id and d.state = 'published';
end;

create function weft_sql.publish(p_definition_id text) returns void
language sql
begin atomic
  select weft_sql.lock_workflow_of(p_definition_id);
  update weft.workflow_definitions d
  set state = 'published', is_active = true, published_at = now(), row_version = d.row_version + 1
  where d.tenant_id = (select weft.current_tenant()) and d.id = p_definition_id and d.state = 'draft';
  select weft_sql.make_current(d.workflow_id, d.id) from weft.workflow_definitions d
  where d.tenant_id = (select weft.current_tenant()) and d.id = p_definition_id;
  insert into weft.workflow_definition_history (workflow_id, definition_id, action, after, changed_by)
  select d.workflow_id, d.id, 'published', jsonb_build_object('version', d.version), weft_sql.actor()
  from weft.workflow_definitions d
  where d.tenant_id = (select weft.current_tenant()) and d.id = p_definition_id;
end;
comment on function weft_sql.publish(text) is 'Makes a version the current one; a draft is published by it.';

create function weft_sql.activate(p_definition_id text, p_active boolean) returns void
language sql
begin atomic
  select weft_sql.lock_workflow_of(p_definition_id);
  update weft.workflow_definitions d set is_active = p_active
  where d.tenant_id = (select weft.current_tenant()) and d.id = p_definition_id;
  insert into weft.workflow_definition_history (workflow_id, definition_id, action, after, changed_by)
  select d.workflow_id, d.id, case when p_active then 'activated' else 'deactivated' end,
    jsonb_build_object('version', d.version), weft_sql.actor()
  from weft.workflow_definitions d
  where d.tenant_id = (select weft.current_tenant()) and d.id = p_definition_id;
end;
comment on function weft_sql.activate(text, boolean) is 'Whether executions may start from a version.';

create function weft_sql.change_draft(p_definition_id text, p_body jsonb) returns void
language sql
begin atomic
  select weft_sql.lock_workflow_of(p_definition_id);
  -- Of a published version the table itself refuses it.
  update weft.workflow_definitions d
  set body = p_body, source = '', graph = case when weft_sql.dialect_of(p_body) = 'graph' then p_body end,
    dialect = weft_sql.dialect_of(p_body), content_hash = sha256(convert_to(p_body::text, 'UTF8')),
    plan = null, problems = null, compile_state = 'pending', row_version = d.row_version + 1
  where d.tenant_id = (select weft.current_tenant()) and d.id = p_definition_id;
end;
comment on function weft_sql.change_draft(text, jsonb) is 'Gives a draft another body; it is compiled anew before it runs.';

create function weft_sql.describe_workflow_of(p_definition_id text, p_description text, p_category text, p_tags text[])
returns void
language sql
begin atomic
  update weft.workflows w
  set description = coalesce(p_description, w.description), category = coalesce(p_category, w.category),
    tags = coalesce(p_tags, w.tags)
  from weft.workflow_definitions d
  where d.tenant_id = (select weft.current_tenant()) and d.id = p_definition_id
    and w.tenant_id = d.tenant_id and w.id = d.workflow_id
    and (w.description, w.category, w.tags) is distinct from
      (coalesce(p_description, w.description), coalesce(p_category, w.category), coalesce(p_tags, w.tags));
end;

create function weft_sql.hide_workflow_of(p_definition_id text) returns void
language sql
begin atomic
  update weft.workflows w set deleted_at = now()
  from weft.workflow_definitions d
  where d.tenant_id = (select weft.current_tenant()) and d.id = p_definition_id
    and w.tenant_id = d.tenant_id and w.id = d.workflow_id and w.deleted_at is null;
end;
comment on function weft_sql.hide_workflow_of(text) is 'Deletes the workflow of a version as DELETE /workflows does: its rows stay.';

create function weft_sql.save_version(
  p_workflow_id text,
  p_name text,
  p_title text,
  p_version text,
  p_number int,
  p_id text,
  p_body jsonb,
  p_source text,
  p_dialect text,
  p_state text,
  p_current boolean,
  p_change_summary text,
  p_created_by text
) returns weft.workflow_definitions
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  author text := weft_sql.user_of(p_created_by);
  workflow weft.workflows;
  saved weft.workflow_definitions;
  next_number int;
begin
  workflow := weft_sql.lock_workflow(p_workflow_id, p_name, coalesce(p_title, p_body ->> 'title'), author);
  select coalesce(max(d.number), 0) + 1 into next_number from weft.workflow_definitions d
    where d.tenant_id = workflow.tenant_id and d.workflow_id = workflow.id;
  insert into weft.workflow_definitions
    (tenant_id, id, workflow_id, version, number, state, dialect, source, body, graph, content_hash, change_summary,
     is_active, created_by, published_at)
  values (
    workflow.tenant_id,
    coalesce(p_id, weft.new_id()),
    workflow.id,
    coalesce(p_version, coalesce(p_number, next_number)::text),
    coalesce(p_number, next_number),
    p_state,
    p_dialect,
    coalesce(p_source, ''),
    p_body,
    case when p_dialect = 'graph' then p_body end,
    sha256(convert_to(coalesce(nullif(p_source, ''), p_body::text), 'UTF8')),
    p_change_summary,
    p_state = 'published',
    author,
    case when p_state = 'published' then now() end
  )
  returning * into saved;
  if p_state = 'published' and p_current then
    perform weft_sql.make_current(workflow.id, saved.id);
  end if;
  insert into weft.workflow_definition_history (workflow_id, definition_id, from_definition_id, action, after, changed_by)
    values (workflow.id, saved.id, workflow.current_definition_id,
      case when next_number = 1 then 'created' when p_state = 'published' then 'published' else 'updated' end,
      jsonb_build_object('name', workflow.name, 'version', saved.version, 'draft', p_state = 'draft'),
      weft_sql.actor());
  return saved;
end $$;
comment on function weft_sql.save_version(text, text, text, text, int, text, jsonb, text, text, text, boolean, text, text) is
  'Writes a version of a workflow, named by id or by name; the starter compiles it before it first runs.';

set local role weft_owner;
-- What is saved over HTTP is audited there, with the request it came with.
create function weft.log_workflow_changes() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  changed weft.workflows := coalesce(new, old);
begin
  insert into weft.audit_logs (tenant_id, user_id, action, resource_type, resource_id, changes)
  values (
    changed.tenant_id,
    coalesce(weft.current_user_id(), session_user),
    case tg_op when 'INSERT' then 'create' when 'UPDATE' then 'update' else 'delete' end,
    'workflow',
    changed.id,
    jsonb_strip_nulls(jsonb_build_object(
      'before', case when tg_op <> 'INSERT' then to_jsonb(old) end,
      'after', case when tg_op <> 'DELETE' then to_jsonb(new) end
    ))
  );
  return null;
end $$;
comment on function weft.log_workflow_changes() is
  'Audits what changes a workflow by SQL: the actor is who the session acts for, not who made the workflow.';
-- As weft_owner foreign keys clean up.
create trigger workflow_audit_trigger after insert or update or delete on weft.workflows
  for each row when (current_user not in ('weft_app', 'weft_engine', 'weft_owner')) execute function weft.log_workflow_changes();
