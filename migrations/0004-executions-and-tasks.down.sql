set local role weft_owner;
drop table weft.mirror_cursors, weft.commands, weft.workflow_states, weft.task_executions, weft.workflow_executions;
drop function weft.announce_starts(), weft.announce_commands();
