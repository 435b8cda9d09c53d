set local role weft_views;

-- A vote that is inserted is handed to the workflow, which counts it: its row comes back through the mirror.
create function weft_sql.order_vote() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  approval record;
  voter text := coalesce(new.voter_id, weft_sql.actor());
begin
  if voter = 'system' or voter <> weft_sql.actor() then
    raise exception 'this session votes for ''%'' alone', weft_sql.actor() using errcode = 'insufficient_privilege',
      hint = 'Who votes by SQL needs a login that weft.sql_logins ties to a user.';
  end if;
  select a.tenant_id, a.execution_id, a.status, a.decided_by, a.decided_at, a.self_approval, e.triggered_by into approval
    from weft.approvals a
    join weft.workflow_executions e on e.tenant_id = a.tenant_id and e.id = a.execution_id
    where a.tenant_id = weft_sql.tenant() and a.id = new.approval_id;
  if not found then
    raise exception 'there is no approval ''%''', new.approval_id using errcode = 'foreign_key_violation';
  end if;
  if approval.status <> 'open' then
    raise exception 'it was % by ''%'' at %', approval.status, coalesce(approval.decided_by, 'system'), approval.decided_at
      using errcode = 'object_not_in_prerequisite_state';
  end if;
  if not approval.self_approval and approval.triggered_by = voter then
    raise exception 'who started the execution may not decide its approvals' using errcode = 'insufficient_privilege';
  end if;
  if not exists (
    select from weft.approval_candidates c
    join weft.users u on u.tenant_id = c.tenant_id and u.id = voter and u.is_active and u.deleted_at is null
    where c.tenant_id = approval.tenant_id and c.approval_id = new.approval_id
      and c.principal = any (case c.kind when 'user' then array[u.id, u.username, u.email] else u.groups || u.roles end)
  ) then
    raise exception 'you are neither an assignee nor in a candidate group of this approval'
      using errcode = 'insufficient_privilege';
  end if;
  if exists (
    select from weft.approval_votes v
    where v.tenant_id = approval.tenant_id and v.approval_id = new.approval_id and v.voter_id = voter
  ) then
    raise exception 'you have voted; a vote cannot be changed' using errcode = 'unique_violation';
  end if;
  if new.decision is null or new.decision not in ('approve', 'reject') then
    raise exception 'decision is approve or reject' using errcode = 'check_violation';
  end if;
  -- As over HTTP: what Temporal doesn't take could never be passed on.
  if length(new.comment) > 4000 or octet_length(new.data::text) > 1000000 then
    raise exception 'the vote is too large' using errcode = 'program_limit_exceeded',
      hint = 'A comment has up to 4,000 characters, data up to 1 MB.';
  end if;
  insert into weft.commands (tenant_id, execution_id, action, arguments, requested_by)
    values (approval.tenant_id, approval.execution_id, 'vote', jsonb_build_object(
      'channel', 'sql', 'approval', new.approval_id, 'decision', new.decision, 'comment', new.comment, 'data', new.data
    ), voter);
  raise notice 'the vote was handed to the workflow; what came of it stands in weft.commands';
  return null;
end $$;
-- Who makes a trigger must be able to call it.
grant execute on function weft_sql.order_vote() to weft_owner;

set local role weft_owner;
alter table weft.approval_votes alter column voter_id set default coalesce(weft.current_user_id(), 'system');
-- Not the mirror's own, and not a restored backup's.
create trigger order_vote before insert on weft.approval_votes
  for each row when (current_user <> 'weft_engine' and row_security_active('weft.approval_votes'::regclass)) execute function weft_sql.order_vote();

