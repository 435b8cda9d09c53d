-- What writing to the Gaia workflow backend's tables means.
set local role weft_views;

create function gaia.json_of(given text, name text) returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
  return given::jsonb;
exception when invalid_text_representation or untranslatable_character then
  raise exception '% is not JSON: %', name, sqlerrm using errcode = 'invalid_text_representation',
    hint = 'It is JSON as text, such as ''{"tasks": []}''.';
end $$;

create function gaia.flag_of(given smallint, name text) returns boolean
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
  if given is null or given not in (0, 1) then
    raise exception '% is 0 or 1', name using errcode = 'check_violation';
  end if;
  return given = 1;
end $$;

create function gaia.template_of(p_code text) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  found_id text;
begin
  select t.id into found_id from weft.workflow_templates t where t.tenant_id = weft_sql.tenant() and t.code = p_code;
  if p_code is not null and found_id is null then
    raise exception 'there is no template ''%''', p_code using errcode = 'foreign_key_violation';
  end if;
  return found_id;
end $$;

create function gaia.write_template() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  deleted boolean := gaia.flag_of(new.is_deleted, 'is_deleted');
begin
  if tg_op = 'INSERT' then
    perform weft_sql.allow_values(to_jsonb(new), 'template_code', 'template_name', 'template_desc', 'template_data', 'is_deleted');
    perform weft_sql.need(new.template_code, 'template_code'), weft_sql.need(new.template_name, 'template_name');
    insert into weft.workflow_templates (tenant_id, code, name, description, body, created_by, deleted_at)
      values (weft_sql.tenant(), new.template_code, new.template_name, new.template_desc,
        coalesce(gaia.json_of(new.template_data, 'template_data'), '{}'), weft_sql.actor(), case when deleted then now() end)
      returning seq into new.id;
    select v.* into new from gaia.gaia_workflow_template v where v.id = new.id;
    return new;
  elsif new is not distinct from old then
    return new;
  end if;
  perform weft_sql.allow_changes(to_jsonb(old), to_jsonb(new), 'template_name', 'template_desc', 'template_data',
    'is_deleted', 'updated_at');
  update weft.workflow_templates t
  set name = case when new.template_name is distinct from old.template_name then new.template_name else t.name end,
    description = case when new.template_desc is distinct from old.template_desc then new.template_desc else t.description end,
    body = case when new.template_data is distinct from old.template_data
      then coalesce(gaia.json_of(new.template_data, 'template_data'), '{}') else t.body end,
    deleted_at = case when new.is_deleted = old.is_deleted then t.deleted_at when deleted then now() end
  where t.tenant_id = weft_sql.tenant() and t.seq = old.id;
  select v.* into new from gaia.gaia_workflow_template v where v.id = old.id;
  return new;
end $$;

create function gaia.write_workflow() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  deleted boolean := gaia.flag_of(new.is_deleted, 'is_deleted');
  workflow weft.workflows;
  chosen text;
begin
  if tg_op = 'INSERT' then
    perform weft_sql.allow_values(to_jsonb(new), 'workflow_code', 'workflow_name', 'workflow_desc', 'template_code', 'is_deleted');
    perform weft_sql.need(new.workflow_code, 'workflow_code'), weft_sql.need(new.workflow_name, 'workflow_name');
    insert into weft.workflows (tenant_id, name, title, description, template_id, owner_id, deleted_at)
      values (weft_sql.tenant(), new.workflow_code, new.workflow_name, new.workflow_desc,
        gaia.template_of(new.template_code), weft_sql.actor(), case when deleted then now() end)
      returning seq into new.id;
    select v.* into new from gaia.gaia_workflow v where v.id = new.id;
    return new;
  elsif new is not distinct from old then
    return new;
  end if;
  perform weft_sql.allow_changes(to_jsonb(old), to_jsonb(new), 'workflow_name', 'workflow_desc', 'current_version_id',
    'template_code', 'is_deleted', 'updated_at');
  update weft.workflows w
  set title = case when new.workflow_name is distinct from old.workflow_name then new.workflow_name else w.title end,
    description = case when new.workflow_desc is distinct from old.workflow_desc then new.workflow_desc else w.description end,
    template_id = case when new.template_code is distinct from old.template_code then gaia.template_of(new.template_code)
      else w.template_id end,
    deleted_at = case when new.is_deleted = old.is_deleted then w.deleted_at when deleted then now() end,
    row_version = w.row_version + 1
  where w.tenant_id = weft_sql.tenant() and w.seq = old.id
  returning w.* into workflow;
  if new.current_version_id is distinct from old.current_version_id then
    select d.id into chosen from weft.workflow_definitions d
      where d.tenant_id = weft_sql.tenant() and d.seq = new.current_version_id;
    if new.current_version_id is not null and chosen is null then
      raise exception 'there is no version %', new.current_version_id using errcode = 'foreign_key_violation';
    end if;
    perform weft_sql.choose_version(workflow.id, chosen);
  end if;
  select v.* into new from gaia.gaia_workflow v where v.id = old.id;
  return new;
end $$;

create function gaia.write_version() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  current boolean := gaia.flag_of(new.is_current, 'is_current');
  workflow weft.workflows;
  definition weft.workflow_definitions;
begin
  if tg_op = 'INSERT' then
    perform weft_sql.allow_values(to_jsonb(new), 'workflow_code', 'version_number', 'version_desc', 'workflow_data',
      'created_by', 'is_current');
    perform weft_sql.need(new.workflow_code, 'workflow_code'), weft_sql.need(new.version_number, 'version_number'),
      weft_sql.need(new.workflow_data, 'workflow_data');
  end if;
  select w.* into workflow from weft.workflows w
    where w.tenant_id = weft_sql.tenant() and w.name = new.workflow_code and (tg_op = 'UPDATE' or w.deleted_at is null);
  if not found then
    raise exception 'there is no workflow ''%''', new.workflow_code using errcode = 'foreign_key_violation',
      hint = 'Insert it into gaia_workflow first.';
  end if;
  if tg_op = 'INSERT' then
    definition.body := gaia.json_of(new.workflow_data, 'workflow_data');
    definition := weft_sql.save_version(
      workflow.id, null, null, new.version_number, null, null, definition.body, new.workflow_data,
      weft_sql.dialect_of(definition.body), 'published', current, new.version_desc, new.created_by);
    select v.* into new from gaia.gaia_workflow_version v where v.id = definition.seq;
    return new;
  end if;
  perform weft_sql.allow_changes(to_jsonb(old), to_jsonb(new), 'version_desc', 'workflow_data', 'is_current');
  select d.* into definition from weft.workflow_definitions d where d.tenant_id = weft_sql.tenant() and d.seq = old.id;
  if new.workflow_data is distinct from old.workflow_data then
    perform weft_sql.need(new.workflow_data, 'workflow_data'),
      weft_sql.change_draft(definition.id, gaia.json_of(new.workflow_data, 'workflow_data'));
  end if;
  if new.version_desc is distinct from old.version_desc then
    update weft.workflow_definitions d set change_summary = new.version_desc
      where d.tenant_id = definition.tenant_id and d.id = definition.id;
  end if;
  -- Two statements are usual: first all of a workflow to 0, then one to 1.
  if new.is_current <> old.is_current then
    perform weft_sql.choose_version(workflow.id, case when current then definition.id end);
  end if;
  select v.* into new from gaia.gaia_workflow_version v where v.id = old.id;
  return new;
end $$;

create function gaia.write_log() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  found_workflow text;
  found_version text;
  started weft.workflow_executions;
begin
  if tg_op = 'UPDATE' then
    perform weft_sql.allow_changes(to_jsonb(old), to_jsonb(new), 'status');
    if new.status is distinct from old.status then
      if new.status is distinct from 'cancelled' then
        perform weft_sql.refuse(format('an execution can''t be set to %s', coalesce(quote_literal(new.status), 'null')),
          'status can be set to cancelled; how it ends otherwise, the engine says.');
      end if;
      perform weft_sql.change_status(old.execution_id, new.status);
    end if;
    return old;
  end if;
  perform weft_sql.allow_values(to_jsonb(new), 'workflow_code', 'version_number', 'execution_id', 'status', 'input_params');
  perform weft_sql.need(new.workflow_code, 'workflow_code'), weft_sql.begin_as('running', coalesce(new.status, 'running'));
  select w.id into found_workflow from weft.workflows w
    where w.tenant_id = weft_sql.tenant() and w.name = new.workflow_code and w.deleted_at is null;
  select d.id into found_version from weft.workflow_definitions d
    where d.tenant_id = weft_sql.tenant() and d.workflow_id = found_workflow and d.version = new.version_number;
  if found_workflow is null or (found_version is null and new.version_number is not null) then
    raise exception 'there is no version % of a workflow ''%''', coalesce(quote_literal(new.version_number), ''), new.workflow_code
      using errcode = 'foreign_key_violation';
  end if;
  started := weft_sql.start_execution(
    new.execution_id, found_version, found_workflow, gaia.json_of(new.input_params, 'input_params'), null, null, null, null, null);
  select v.* into new from gaia.gaia_workflow_log v where v.id = started.seq;
  return new;
end $$;

create trigger write_template instead of insert or update on gaia.gaia_workflow_template
  for each row execute function gaia.write_template();
create trigger write_workflow instead of insert or update on gaia.gaia_workflow
  for each row execute function gaia.write_workflow();
create trigger write_version instead of insert or update on gaia.gaia_workflow_version
  for each row execute function gaia.write_version();
create trigger write_log instead of insert or update on gaia.gaia_workflow_log
  for each row execute function gaia.write_log();
create trigger refuse_write instead of delete on gaia.gaia_workflow_template
  for each row execute function weft_sql.refuse_write('Set is_deleted to 1.');
create trigger refuse_write instead of delete on gaia.gaia_workflow
  for each row execute function weft_sql.refuse_write('Set is_deleted to 1.');
create trigger refuse_write instead of delete on gaia.gaia_workflow_version
  for each row execute function weft_sql.refuse_write('A version stays; another can be made the current one.');
create trigger refuse_write instead of delete on gaia.gaia_workflow_log
  for each row execute function weft_sql.refuse_write('Executions leave by themselves, when they are archived.');
