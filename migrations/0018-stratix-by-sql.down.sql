set local role weft_views;
drop procedure stratix.archivecompletedworkflows(int), stratix.cleanupexecutionhistory(int);
drop view stratix.v_resource_anomalies, stratix.v_high_failure_rate_workflows, stratix.v_long_running_workflows;
drop function stratix.write_definition() cascade;
drop function stratix.write_instance() cascade;
drop function stratix.refuse_write() cascade;
alter view stratix.workflow_definitions alter column is_active drop default;
alter view stratix.workflow_instances alter column status drop default;
alter view stratix.workflow_instances alter column priority drop default;
