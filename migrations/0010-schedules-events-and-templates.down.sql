set local role weft_owner;
drop index weft.audit_logs_action, weft.audit_logs_user, weft.execution_logs_level, weft.task_executions_created_at,
  weft.workflow_executions_end_time, weft.workflow_executions_parent, weft.workflow_executions_triggered_by,
  weft.workflow_executions_definition;
revoke insert on weft.workflow_definition_history from weft_views;
revoke select, insert on weft.commands, weft.audit_logs from weft_views;
revoke insert, delete on weft.workflow_executions from weft_views;
revoke insert, update, delete on weft.workflows, weft.workflow_definitions from weft_views;
drop table weft.settings, weft.payloads, weft.audit_checkpoints, weft.workflow_snapshots, weft.event_waits,
  weft.event_deliveries, weft.events, weft.workflow_schedules;
drop index weft.workflows_template;
alter table weft.workflows drop constraint workflows_template_fkey;
drop table weft.workflow_templates;
