set local role weft_owner;
-- Every statement of a session with a tenant asks for it once for each of its tables, up to eight times. As one whole the
-- function was a call each time, with a change of role and of search path; what it does for a member of weft_app becomes a
-- part of the plan now (PostgreSQL writes out a function of one expression that runs as its caller). What has to read as
-- the owner stands apart. A body like this is bound when it is made: no search path changes what it calls.
create function weft.login_tenant() returns text
language sql stable parallel restricted security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select l.tenant_id from weft.sql_logins l
  join weft.users u on u.tenant_id = l.tenant_id and u.id = l.user_id
  where l.role = session_user and u.is_active and u.deleted_at is null;
end;
comment on function weft.login_tenant() is
  'Tenant that this session''s login is tied to; null when there is none or the login''s user is not active.';
create function weft.login_user_id() returns text
language sql stable parallel restricted security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select l.user_id from weft.sql_logins l where l.role = session_user;
end;
comment on function weft.login_user_id() is 'User that this session''s login acts for, or null.';
grant execute on function weft.login_tenant(), weft.login_user_id() to public;

create or replace function weft.current_tenant() returns text
language sql stable parallel restricted
return case when pg_has_role(session_user, 'weft_app', 'member')
  then nullif(current_setting('app.tenant', true), '')
  else weft.login_tenant()
end;
create or replace function weft.current_user_id() returns text
language sql stable parallel restricted
return case when pg_has_role(session_user, 'weft_app', 'member')
  then nullif(current_setting('app.current_user_id', true), '')
  else weft.login_user_id()
end;
