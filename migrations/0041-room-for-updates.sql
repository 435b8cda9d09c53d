set local role weft_owner;
-- A row is written several times within seconds: with room in its page the next version stands beside it, which takes a
-- third of the WAL, and where no indexed column changes, no entry in any index.
alter table weft.workflow_executions set (fillfactor = 50);
alter table weft.task_executions set (fillfactor = 50);
