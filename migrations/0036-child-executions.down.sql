-- Their ids can't be any more.
set local role weft_engine;
delete from weft.workflow_executions where id like '%~%';
set local role weft_views;
create or replace function weft_sql.tenant() returns text
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
set local role weft_owner;
create or replace function weft.current_tenant() returns text
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
drop policy lookup on weft.users;
alter table weft_archive.executions drop column on_parent_close, drop column parent_waits, drop column parent_told_at;
alter table weft.workflow_executions drop column on_parent_close, drop column parent_waits, drop column parent_told_at;
drop index weft.workflow_executions_children;
comment on column weft.workflow_executions.root_execution_id is
  'The topmost parent, or what a redrive first repeated; else itself. Idempotency keys are made of it. Null as workflow_id.';
comment on column weft.workflow_executions.id is
  'Also Temporal''s workflow id: as it is in tenant default, tenant:id in others. 1 to 200 of 0-9 A-Z a-z . _ -';
alter table weft.workflow_executions drop constraint workflow_executions_id_check;
alter table weft.workflow_executions add constraint workflow_executions_id_check check (id ~ '^[0-9A-Za-z._-]{1,200}$');
