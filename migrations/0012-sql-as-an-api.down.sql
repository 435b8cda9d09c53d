set local role weft_owner;
revoke insert on weft.workflow_definition_history from weft_views;
revoke insert on weft.audit_logs from weft_views;
revoke select, insert on weft.commands from weft_views;
revoke insert, delete on weft.workflow_executions from weft_views;
revoke insert, update, delete on weft.workflows, weft.workflow_definitions from weft_views;
revoke insert (tenant_id, id, email, username, name, password_hash, roles, permissions, groups, is_active, email_verified,
  last_login_at, created_at, deleted_at),
  update (email, username, name, password_hash, roles, permissions, is_active, email_verified, last_login_at, deleted_at)
  on weft.users from weft_views;
revoke insert (tenant_id, approval_id, voter_id, decision, on_behalf_of, comment, data) on weft.approval_votes from weft_sql;
revoke usage on schema weft from weft_sql;
drop function weft.task_row_id(text, text, text);
reset role;
drop schema weft_sql cascade;
