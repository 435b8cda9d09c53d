-- What writing to the workflows, versions and executions of the IPA platform means.
set local role weft_views;

create function weft_sql.refuse_write() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception '%: %.% can''t do this', lower(tg_op), tg_table_schema, tg_table_name
    using errcode = 'feature_not_supported', hint = tg_argv[0];
end $$;

create function weft_sql.choose_version(p_workflow_id text, p_definition_id text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  workflow weft.workflows;
  chosen weft.workflow_definitions;
  number_before int;
begin
  select w.* into workflow from weft.workflows w
    where w.tenant_id = weft_sql.tenant() and w.id = p_workflow_id for no key update;
  select d.number into number_before from weft.workflow_definitions d
    where d.tenant_id = workflow.tenant_id and d.id = workflow.current_definition_id;
  if p_definition_id is null then
    update weft.workflows w set current_definition_id = null, row_version = w.row_version + 1
      where w.tenant_id = workflow.tenant_id and w.id = workflow.id;
    insert into weft.workflow_definition_history (workflow_id, from_definition_id, action, changed_by)
      values (workflow.id, workflow.current_definition_id, 'deactivated', weft_sql.actor());
    return;
  end if;
  select d.* into chosen from weft.workflow_definitions d
    where d.tenant_id = workflow.tenant_id and d.id = p_definition_id and d.workflow_id = workflow.id;
  if not found then
    raise exception 'there is no version ''%'' of this workflow', p_definition_id using errcode = 'foreign_key_violation';
  end if;
  if chosen.state = 'draft' then
    perform weft_sql.publish(chosen.id);
    return;
  end if;
  -- What is current can start.
  if not chosen.is_active then
    perform weft_sql.activate(chosen.id, true);
  end if;
  perform weft_sql.make_current(workflow.id, chosen.id);
  insert into weft.workflow_definition_history (workflow_id, definition_id, from_definition_id, action, after, changed_by)
    values (workflow.id, chosen.id, workflow.current_definition_id,
      case when chosen.number < number_before then 'rolled_back' else 'published' end,
      jsonb_build_object('version', chosen.version), weft_sql.actor());
end $$;
comment on function weft_sql.choose_version(text, text) is
  'Makes a version the current one of its workflow: publishes it, or rolls back to it; null leaves the workflow without.';
create function weft_sql.remove_unused_version(p_definition_id text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (
    select from weft_sql.workflow_executions e
    where e.tenant_id = weft_sql.tenant() and e.definition_id = p_definition_id
  ) then
    raise exception 'executions are of this version' using errcode = 'restrict_violation',
      hint = 'A version that ran stays; another can be made the current one.';
  end if;
  insert into weft.workflow_definition_history (workflow_id, definition_id, action, before, changed_by)
    select d.workflow_id, d.id, 'deleted', jsonb_build_object('version', d.version), weft_sql.actor()
    from weft.workflow_definitions d where d.tenant_id = weft_sql.tenant() and d.id = p_definition_id;
  delete from weft.workflow_definitions d where d.tenant_id = weft_sql.tenant() and d.id = p_definition_id;
end $$;
comment on function weft_sql.remove_unused_version(text) is 'Deletes a version of which nothing ran.';

alter view ipa.workflows alter column status set default 'draft';
alter view ipa.workflows alter column metadata set default '{}';
alter view ipa.executions alter column status set default 'pending';
alter view ipa.executions alter column input_data set default '{}';
alter view ipa.executions alter column metadata set default '{}';
-- What addresses name the workflow by: its title as far as it can, a number behind it where that name is taken.
create function ipa.add_workflow(p_id text, p_title text, p_owner text) returns weft.workflows
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  wanted text := left(coalesce(nullif(btrim(regexp_replace(p_title, '[/\u0001-\u001f\u007f-\u009f]+', '-', 'g')), ''), '-'), 120);
  core_name text := wanted;
  n int;
  added weft.workflows;
begin
  loop
    insert into weft.workflows (tenant_id, id, name, title, owner_id)
      values (weft_sql.tenant(), coalesce(p_id, weft.new_id()), core_name, p_title, p_owner)
      on conflict (tenant_id, name) do nothing
      returning * into added;
    exit when found;
    select coalesce(n + 1, count(*) + 2) into n from weft.workflows w
      where w.tenant_id = weft_sql.tenant() and starts_with(w.name, wanted || '-');
    core_name := wanted || '-' || n;
  end loop;
  return added;
end $$;

create function ipa.write_workflow() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  before ipa.workflows;
  added weft.workflows;
begin
  if tg_op = 'DELETE' then
    if exists (
      select from weft_sql.workflow_executions e where e.tenant_id = weft_sql.tenant() and e.workflow_id = old.id
    ) then
      raise exception 'executions are of the workflow ''%''', old.name using errcode = 'restrict_violation',
        hint = 'Set its status to archived: nothing new starts then.';
    end if;
    perform weft_sql.remove_workflow(old.id);
    return old;
  end if;
  if new.status is null or new.status not in ('draft', 'active', 'archived') then
    raise exception 'the status of a workflow is draft, active or archived' using errcode = 'check_violation';
  end if;
  if tg_op = 'INSERT' then
    perform weft_sql.allow_values(to_jsonb(new), 'id', 'name', 'description', 'created_by', 'status', 'tags', 'metadata'),
      weft_sql.need(new.name, 'name');
    added := ipa.add_workflow(new.id, new.name, weft_sql.user_of(new.created_by));
    new.id := added.id;
    before := new;
    before.description := null;
    before.status := added.status;
    before.tags := added.tags;
    before.metadata := added.metadata;
  else
    before := old;
    perform weft_sql.allow_changes(to_jsonb(old), to_jsonb(new), 'name', 'description', 'status', 'current_version_id',
      'tags', 'metadata', 'updated_at');
  end if;
  if (new.name, new.description, new.status, new.tags, new.metadata)
    is distinct from (before.name, before.description, before.status, before.tags, before.metadata) then
    -- Somebody else may change other columns at this moment.
    update weft.workflows w
    set title = case when new.name is distinct from before.name then new.name else w.title end,
      description = case when new.description is distinct from before.description then new.description else w.description end,
      status = case when new.status <> before.status then new.status else w.status end,
      tags = case when new.tags is distinct from before.tags then coalesce(new.tags, '{}') else w.tags end,
      metadata = case when new.metadata is distinct from before.metadata then coalesce(new.metadata, '{}') else w.metadata end,
      row_version = w.row_version + 1
    where w.tenant_id = weft_sql.tenant() and w.id = new.id;
  end if;
  if tg_op = 'UPDATE' and new.current_version_id is distinct from before.current_version_id then
    perform weft_sql.choose_version(new.id, new.current_version_id);
  end if;
  select v.* into new from ipa.workflows v where v.id = new.id;
  return new;
end $$;

create function ipa.write_version() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  workflow record;
  saved weft.workflow_definitions;
begin
  if tg_op = 'DELETE' then
    perform weft_sql.remove_unused_version(old.id);
    return old;
  end if;
  if tg_op = 'UPDATE' then
    perform weft_sql.allow_changes(to_jsonb(old), to_jsonb(new), 'change_summary', 'definition');
    if new.definition is distinct from old.definition then
      perform weft_sql.change_draft(old.id, new.definition);
    end if;
    if new.change_summary is distinct from old.change_summary then
      update weft.workflow_definitions d set change_summary = new.change_summary
        where d.tenant_id = weft_sql.tenant() and d.id = old.id;
    end if;
    return new;
  end if;
  perform weft_sql.need(new.workflow_id, 'workflow_id'), weft_sql.need(new.definition, 'definition');
  select w.current_version_id into workflow from ipa.workflows w where w.id = new.workflow_id;
  if not found then
    raise exception 'there is no workflow ''%''', new.workflow_id using errcode = 'foreign_key_violation';
  end if;
  saved := weft_sql.save_version(
    new.workflow_id, null, null, null, new.version_number, new.id, new.definition, null,
    weft_sql.dialect_of(new.definition), 'published', workflow.current_version_id is null, new.change_summary, new.created_by);
  select v.* into new from ipa.workflow_versions v where v.id = saved.id;
  return new;
end $$;

create function ipa.write_execution() returns trigger
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
    return old;
  end if;
  perform weft_sql.allow_values(to_jsonb(new), 'id', 'workflow_id', 'workflow_version_id', 'triggered_by', 'status',
    'input_data', 'metadata');
  perform weft_sql.need(coalesce(new.workflow_version_id, new.workflow_id), 'workflow_version_id'),
    weft_sql.begin_as('pending', new.status);
  if not exists (
    select from ipa.workflows w
    where w.id = coalesce(new.workflow_id,
      (select d.workflow_id from ipa.workflow_versions d where d.id = new.workflow_version_id))
  ) then
    raise exception 'there is no workflow ''%'', or no version ''%''', new.workflow_id, new.workflow_version_id
      using errcode = 'foreign_key_violation';
  end if;
  started := weft_sql.start_execution(
    new.id, new.workflow_version_id, new.workflow_id, new.input_data, new.triggered_by, null, null, new.metadata, null);
  select v.* into new from ipa.executions v where v.id = started.id;
  return new;
end $$;

create trigger write_workflow instead of insert or update or delete on ipa.workflows
  for each row execute function ipa.write_workflow();
create trigger write_version instead of insert or update or delete on ipa.workflow_versions
  for each row execute function ipa.write_version();
create trigger write_execution instead of insert or update or delete on ipa.executions
  for each row execute function ipa.write_execution();
