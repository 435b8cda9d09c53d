set local role weft_views;
drop function weft_sql.remove_workflow(text), weft_sql.remove_definition(text), weft_sql.remove_execution(text),
  weft_sql.change_status(text, text), weft_sql.begin_as(text, text),
  weft_sql.order_execution(text, text, text),
  weft_sql.start_execution(text, text, text, jsonb, text, text, int, jsonb, jsonb);
drop view weft_sql.workflow_states, weft_sql.task_executions, weft_sql.workflow_executions;
set local role weft_owner;
revoke update (updated_at) on weft.workflow_executions from weft_views;
