set local role weft_owner;
drop table weft.workflow_definition_history;
alter table weft.workflows drop constraint workflows_current_definition_fkey;
drop table weft.workflow_definitions, weft.workflows;
drop function weft.refuse_change_of_published();
