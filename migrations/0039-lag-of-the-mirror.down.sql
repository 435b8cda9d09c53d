alter table weft.mirror_cursors drop column folded;
alter table weft.leases drop column done_at;
drop index weft.workflow_executions_told;
