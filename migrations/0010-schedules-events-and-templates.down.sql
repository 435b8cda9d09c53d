set local role weft_owner;
drop index weft.execution_logs_agent, weft.audit_logs_action, weft.audit_logs_user, weft.execution_logs_level, weft.task_executions_created_at,
  weft.workflow_executions_end_time, weft.workflow_executions_parent, weft.workflow_executions_triggered_by,
  weft.workflow_executions_definition;
drop table weft.settings, weft.payloads, weft.audit_checkpoints, weft.workflow_snapshots, weft.event_waits,
  weft.event_deliveries, weft.events, weft.workflow_schedules;
drop index weft.workflows_template;
alter table weft.workflows drop constraint workflows_template_fkey;
drop table weft.workflow_templates;
