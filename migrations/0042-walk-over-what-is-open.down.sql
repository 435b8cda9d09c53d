set local role weft_owner;
create index workflow_executions_unconfirmed on weft.workflow_executions (tenant_id, created_at) where authority < 2;
drop index weft.workflow_executions_walk;
