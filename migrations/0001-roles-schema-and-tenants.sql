-- Roles belong to the cluster: another database of it may have made them, or make them at this moment.
do $$
declare
  wanted text;
begin
  foreach wanted in array array[
    'weft_owner', 'weft_migrator', 'weft_app', 'weft_engine', 'weft_readonly', 'weft_backup', 'weft_views', 'weft_search'
  ] loop
    begin
      if not exists (select from pg_roles where rolname = wanted) then
        execute format('create role %I nologin', wanted);
      end if;
    exception when duplicate_object or unique_violation then null;
    end;
  end loop;
  begin
    -- Under FORCE ROW LEVEL SECURITY even the owner's dump is refused.
    if not (select rolbypassrls from pg_roles where rolname = 'weft_backup') then
      alter role weft_backup bypassrls;
    end if;
    if not pg_has_role('weft_backup', 'pg_read_all_data', 'member') then
      grant pg_read_all_data to weft_backup;
    end if;
  exception when insufficient_privilege then
    raise warning 'weft_backup can''t read all there is'
      using hint = 'As a superuser: alter role weft_backup bypassrls; grant pg_read_all_data to weft_backup';
  end;
  begin
    if not pg_has_role('weft_migrator', 'weft_owner', 'member') then
      grant weft_owner, weft_engine, weft_views to weft_migrator;
    end if;
  exception when unique_violation then null;
  end;
  -- Since PostgreSQL 16 who makes a role may hand it on, but doesn't act as it.
  if not pg_has_role(current_user, 'weft_owner',
    case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end) then
    execute format('grant weft_owner, weft_engine, weft_views to %I', current_user);
  end if;
end $$;

-- Nobody but its owner puts things where every session looks for functions.
revoke all on schema public from public;

create schema weft authorization weft_owner;
-- Functions are granted one by one. Those of triggers to nobody: who may call one may put it on a table of their own.
set local role weft_views;
alter default privileges revoke execute on functions from public;
set local role weft_owner;
alter default privileges revoke execute on functions from public;
grant usage on schema weft
  to weft_app, weft_engine, weft_readonly, weft_views, weft_search;

do $$
begin
  if current_setting('server_version_num')::int >= 180000 then
    create function weft.new_id() returns text language sql volatile parallel safe
      return pg_catalog.uuidv7()::text;
  else
    create function weft.new_id() returns text language sql volatile parallel safe
      return pg_catalog.gen_random_uuid()::text;
  end if;
end $$;
comment on function weft.new_id() is 'A new id: uuidv7, before PostgreSQL 18 a random uuid.';

-- Which tenant and user a login of its own stands for; members of weft_app say it themselves, transaction by transaction.
create table weft.sql_logins (
  role text not null,
  tenant_id text not null,
  user_id text not null default 'system',
  primary key (role)
);
comment on table weft.sql_logins is 'Database roles that are tied to one tenant and one user.';

create function weft.current_tenant() returns text
language sql stable parallel restricted security definer
set search_path = pg_catalog, pg_temp
as $$
  select case when pg_has_role(session_user, 'weft_app', 'member')
    then nullif(current_setting('app.tenant', true), '')
    else (select l.tenant_id from weft.sql_logins l where l.role = session_user)
  end
$$;
comment on function weft.current_tenant() is
  'Tenant of this session; null, which sees nothing, when there is none. Only members of weft_app may set app.tenant.';

create function weft.current_user_id() returns text
language sql stable parallel restricted security definer
set search_path = pg_catalog, pg_temp
as $$
  select case when pg_has_role(session_user, 'weft_app', 'member')
    then nullif(current_setting('app.current_user_id', true), '')
    else (select l.user_id from weft.sql_logins l where l.role = session_user)
  end
$$;
comment on function weft.current_user_id() is 'User this session acts for, or null.';
-- A policy and a column's default run as whoever asks.
grant execute on function weft.current_tenant(), weft.current_user_id(), weft.new_id() to public;

create function weft.update_updated_at_column() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  new.updated_at = now();
  return new;
end $$;
comment on function weft.update_updated_at_column() is
  'For tables that people edit; rows of the mirror set updated_at themselves.';

create procedure weft.isolate_tenants(target regclass)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  execute format('alter table %s enable row level security, force row level security', target);
  execute format(
    'create policy own_tenant on %s to weft_app, weft_readonly, weft_views, weft_search
       using (tenant_id = (select weft.current_tenant()))
       with check (tenant_id = (select weft.current_tenant()))',
    target);
  execute format('create policy every_tenant on %s to weft_engine using (true) with check (true)', target);
end $$;
comment on procedure weft.isolate_tenants(regclass) is 'Row-level security of a table with tenant_id; each gets it in its migration.';

call weft.isolate_tenants('weft.sql_logins');
-- The two functions above look here as their owner.
create policy lookup on weft.sql_logins for select to weft_owner using (true);
grant select on weft.sql_logins to weft_app, weft_readonly;
grant select, insert, update, delete on weft.sql_logins to weft_engine;
