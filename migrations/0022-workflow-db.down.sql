set local role weft_owner;
drop index weft.workflow_executions_t_status, weft_archive.executions_t_status;
set local role weft_views;
drop schema workflow_db cascade;
