set local role weft_owner;
create or replace function weft.current_tenant() returns text
language sql stable parallel restricted security definer
set search_path = pg_catalog, pg_temp
as $$
  select case when pg_has_role(session_user, 'weft_app', 'member')
    then nullif(current_setting('app.tenant', true), '')
    else (
      select l.tenant_id from weft.sql_logins l
      join weft.users u on u.tenant_id = l.tenant_id and u.id = l.user_id
      where l.role = session_user and u.is_active and u.deleted_at is null
    )
  end
$$;
create or replace function weft.current_user_id() returns text
language sql stable parallel restricted security definer
set search_path = pg_catalog, pg_temp
as $$
  select case when pg_has_role(session_user, 'weft_app', 'member')
    then nullif(current_setting('app.current_user_id', true), '')
    else (select l.user_id from weft.sql_logins l where l.role = session_user)
  end
$$;
drop function weft.login_tenant(), weft.login_user_id();
