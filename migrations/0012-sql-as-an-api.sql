-- SQL as an API: what the triggers of all documents' views share. The triggers run as weft_views, which is held to the
-- tenant of the session as everybody is; nobody else may call these functions.
do $$
begin
  if not exists (select from pg_roles where rolname = 'weft_sql') then
    create role weft_sql nologin;
  end if;
exception when duplicate_object or unique_violation then null;
end $$;

create schema weft_sql authorization weft_views;
comment on schema weft_sql is 'What the triggers of the documents'' views do: save a version, start, order, vote.';

set local role weft_owner;
grant usage on schema weft to weft_sql;
grant insert, update, delete on weft.workflows, weft.workflow_definitions to weft_views;
grant insert, delete on weft.workflow_executions to weft_views;
grant select, insert on weft.commands to weft_views;
grant insert on weft.audit_logs to weft_views;
grant insert on weft.workflow_definition_history to weft_views;
grant insert (tenant_id, approval_id, voter_id, decision, on_behalf_of, comment, data) on weft.approval_votes to weft_sql;
grant insert (tenant_id, id, email, username, name, password_hash, roles, permissions, groups, is_active, email_verified,
  last_login_at, created_at, deleted_at),
  update (email, username, name, password_hash, roles, permissions, is_active, email_verified, last_login_at, deleted_at)
  on weft.users to weft_views;

create function weft.task_row_id(tenant text, execution text, path text) returns text
language sql immutable parallel safe
return md5(tenant || ':' || execution || path)::uuid::text;
comment on function weft.task_row_id(text, text, text) is 'The id that weft.task_executions generates.';
-- The views name it: whoever reads them calls it.
grant execute on function weft.task_row_id(text, text, text) to public;

set local role weft_views;
-- Who makes a trigger must be able to name its function.
grant usage on schema weft_sql to weft_owner;

create function weft_sql.refuse(message text, advice text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception '%', message using errcode = 'feature_not_supported', hint = advice;
end $$;

create function weft_sql.allow_changes(before jsonb, after jsonb, variadic may text[]) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  refused text;
begin
  select string_agg(a.key, ', ' order by a.key) into refused
    from jsonb_each(after) a
    where a.value is distinct from before -> a.key and a.key <> all (may);
  if refused is not null then
    perform weft_sql.refuse(format('%s can''t be changed here', refused),
      case when cardinality(may) = 0 then 'Nothing of it can: the engine writes it.'
        else format('What can be changed: %s.', array_to_string(may, ', ')) end);
  end if;
end $$;
comment on function weft_sql.allow_changes(jsonb, jsonb, text[]) is
  'Refuses an update of a view''s row that changes more than these columns.';

create function weft_sql.allow_values(after jsonb, variadic may text[]) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  refused text;
begin
  select string_agg(a.key, ', ' order by a.key) into refused
    from jsonb_each(jsonb_strip_nulls(after)) a where a.key <> all (may);
  if refused is not null then
    perform weft_sql.refuse(format('%s can''t be given', refused),
      format('What can be given: %s. The rest the engine writes.', array_to_string(may, ', ')));
  end if;
end $$;
comment on function weft_sql.allow_values(jsonb, text[]) is 'Refuses an insert into a view that gives more than these columns.';

create function weft_sql.pick(shown anyelement, wanted anyelement, stored anyelement) returns anyelement
language sql immutable parallel safe
as $$ select case when wanted is distinct from shown then wanted else stored end $$;
comment on function weft_sql.pick(anyelement, anyelement, anyelement) is
  'What an update leaves in a column: only what is changed is written, as somebody else may change the rest at this moment.';

create function weft_sql.need(value anyelement, what text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if value is null then
    raise exception '% is missing', what using errcode = 'not_null_violation';
  end if;
end $$;

create function weft_sql.tenant() returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  tenant text := weft.current_tenant();
begin
  if tenant is null then
    raise exception 'this session belongs to no tenant' using errcode = 'insufficient_privilege',
      hint = 'A login is tied to one by a row of weft.sql_logins; a member of weft_app sets app.tenant in its transaction.';
  end if;
  return tenant;
end $$;

create function weft_sql.actor() returns text
language sql stable
return coalesce(weft.current_user_id(), 'system');
comment on function weft_sql.actor() is 'User this session acts for; ''system'' for a service''s login.';

create function weft_sql.is_admin() returns boolean
language sql stable
return weft_sql.actor() = 'system' or exists (
  select from weft.users u
  where u.tenant_id = (select weft.current_tenant()) and u.id = (select weft_sql.actor())
    and u.is_active and u.deleted_at is null and 'admin' = any (u.roles)
);
comment on function weft_sql.is_admin() is 'Whether this session is a service''s login, or an admin''s.';

create function weft_sql.need_admin() returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
  if not weft_sql.is_admin() then
    raise exception 'this needs an admin, or a service''s login' using errcode = 'insufficient_privilege';
  end if;
end $$;

create function weft_sql.user_of(wanted text) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
  if wanted is null or wanted = weft_sql.actor() then
    return weft_sql.actor();
  end if;
  if weft_sql.actor() <> 'system' then
    raise exception 'this session acts for ''%'' and for nobody else', weft_sql.actor()
      using errcode = 'insufficient_privilege', hint = 'Leave the user out.';
  end if;
  if not exists (select from weft.users u where u.tenant_id = weft_sql.tenant() and u.id = wanted) then
    raise exception 'there is no user ''%''', wanted using errcode = 'foreign_key_violation',
      hint = 'Users are named by their id: select id, username from weft.users';
  end if;
  return wanted;
end $$;
comment on function weft_sql.user_of(text) is 'The user a row is to be of: the session''s own, or the one that a service''s login names.';

create function weft_sql.dialect_of(body jsonb) returns text
language sql immutable parallel safe
return case
  when jsonb_typeof(body) = 'array' or (jsonb_typeof(body) = 'object' and body ? 'steps') then 'steps'
  when jsonb_typeof(body) = 'object' and body ? 'nodes' then 'graph'
  else 'native'
end;
comment on function weft_sql.dialect_of(jsonb) is 'Dialect of a definition by its shape; the same rule as the compiler''s.';

create function weft_sql.audit(action text, resource_type text, resource_id text, changes jsonb) returns void
language sql volatile
begin atomic
  insert into weft.audit_logs (user_id, action, resource_type, resource_id, changes)
    values (weft_sql.actor(), action, resource_type, resource_id, changes);
end;
