-- Executions that a sub_workflow task starts; and logins whose user is no longer active.
set local role weft_owner;

-- Ids of children: <parent>~<task>; no other has a '~', but where nothing but facts of it came.
alter table weft.workflow_executions drop constraint workflow_executions_id_check;
alter table weft.workflow_executions add constraint workflow_executions_id_check check (
  id ~ '^[0-9A-Za-z._~-]{1,200}$' and (strpos(id, '~') = 0 or parent_execution_id is not null or workflow_id is null)
);
comment on column weft.workflow_executions.id is
  'Also Temporal''s workflow id: as it is in tenant default, tenant:id in others. 1 to 200 of 0-9 A-Z a-z . _ -, and ~ in those of children.';
comment on column weft.workflow_executions.root_execution_id is
  'What a redrive first repeated, else itself, also for a child. Idempotency keys are made of it. Null as workflow_id.';

alter table weft.workflow_executions
  add column on_parent_close text check (on_parent_close in ('cancel', 'terminate', 'abandon')),
  add column parent_waits boolean not null default false,
  add column parent_told_at timestamptz;
alter table weft_archive.executions
  add column on_parent_close text,
  add column parent_waits boolean not null default false,
  add column parent_told_at timestamptz;
do $$
declare
  name text;
begin
  foreach name in array array['weft.workflow_executions', 'weft_archive.executions'] loop
    execute format('comment on column %s.on_parent_close is %L', name,
      'What it gets when its parent has ended before it: cancel, terminate or abandon (nothing). Null: it has no parent.');
    execute format('comment on column %s.parent_waits is %L', name, 'Whether the task that started it waits for its end.');
    execute format('comment on column %s.parent_told_at is %L', name,
      'Since when no word of its end is owed to the parent that waits; null: it is, once it has ended.');
  end loop;
end $$;

create index workflow_executions_children on weft.workflow_executions (tenant_id, parent_execution_id, created_at desc, id desc)
  where parent_execution_id is not null;
-- What is left to do for parents and for children: few rows at any time, or those that are open.
create index workflow_executions_parent_to_tell on weft.workflow_executions (tenant_id, id)
  where parent_waits and parent_told_at is null and status in ('success', 'failed', 'cancelled', 'timeout');
create index workflow_executions_bound_to_parent on weft.workflow_executions (tenant_id, parent_execution_id)
  where on_parent_close in ('cancel', 'terminate') and status in ('pending', 'running', 'paused');

-- The user of a login that was deactivated or deleted: the login sees and does nothing from the next statement on.
create policy lookup on weft.users for select to weft_owner using (true);
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
comment on function weft.current_tenant() is
  'Tenant of this session; null, which sees nothing, when there is none or the login''s user is not active. Only members of weft_app may set app.tenant.';

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
      hint = 'A login is tied to one, and to a user who must be active, by a row of weft.sql_logins; a member of weft_app sets app.tenant in its transaction.';
  end if;
  return tenant;
end $$;
