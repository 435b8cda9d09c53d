set local role weft_owner;
drop index weft.audit_logs_ipa_action, weft.execution_logs_created_at, weft_archive.tasks_id, weft.task_executions_id,
  weft.users_created_at, weft.workflow_definitions_created_at, weft.workflows_category, weft.workflows_status,
  weft.workflows_owner, weft.workflows_current_definition;
create index workflow_executions_workflow on weft.workflow_executions (tenant_id, workflow_id, created_at desc, id desc);
drop index weft.workflow_executions_list, weft_archive.executions_queue, weft.workflow_executions_queue,
  weft.workflow_executions_engine_status, weft_archive.executions_instance_status,
  weft.workflow_executions_instance_status;
reset role;
revoke usage on schema engine, stratix, ipa from weft_owner;
