set local role weft_owner;
alter table weft.workflow_executions set (fillfactor = 80);
alter table weft.task_executions set (fillfactor = 80);
