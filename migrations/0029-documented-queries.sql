-- Indexes of the documents' frequent queries, as they come through the views: on what the views make of a status.
grant usage on schema engine, stratix, ipa to weft_owner;
set local role weft_owner;

-- One mapping, two documents: stratix.workflow_instances and ipa.executions.
create index workflow_executions_instance_status on weft.workflow_executions
  (tenant_id, stratix.instance_status_of(status), created_at desc);
create index executions_instance_status on weft_archive.executions
  (tenant_id, stratix.instance_status_of(status), created_at desc);
create index workflow_executions_engine_status on weft.workflow_executions
  (tenant_id, definition_id, engine.execution_status_of(status, redrive_of), created_at desc);

-- What is to run next. In the archive it is empty, and says so.
create index workflow_executions_queue on weft.workflow_executions (tenant_id, priority desc, created_at)
  where stratix.instance_status_of(status) in ('running', 'pending');
create index executions_queue on weft_archive.executions (tenant_id, priority desc, created_at)
  where stratix.instance_status_of(status) in ('running', 'pending');

-- A workflow's list needs no look at the rows.
create index workflow_executions_list on weft.workflow_executions (tenant_id, workflow_id, created_at desc, id desc)
  include (status, triggered_by);
drop index weft.workflow_executions_workflow;

-- Who deletes a version asks whose current one it is.
create index workflows_current_definition on weft.workflows (tenant_id, current_definition_id);
create index workflows_owner on weft.workflows (tenant_id, owner_id, created_at desc);
create index workflows_status on weft.workflows (tenant_id, status, created_at desc);
create index workflows_category on weft.workflows (tenant_id, category) where category is not null;
create index workflow_definitions_created_at on weft.workflow_definitions (tenant_id, created_at desc);
create index users_created_at on weft.users (tenant_id, created_at desc);
create index task_executions_id on weft.task_executions (tenant_id, id);
create index tasks_id on weft_archive.tasks (tenant_id, id);
create index execution_logs_created_at on weft.execution_logs (tenant_id, created_at desc);
create index audit_logs_ipa_action on weft.audit_logs (tenant_id, ipa.audit_action_of(action), created_at desc);
