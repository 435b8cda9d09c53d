set local role weft_owner;
drop trigger workflow_audit_trigger on weft.workflows;
drop function weft.log_workflow_changes();
set local role weft_views;
drop function weft_sql.save_version(text, text, text, text, int, text, jsonb, text, text, text, boolean, text, text),
  weft_sql.hide_workflow_of(text), weft_sql.describe_workflow_of(text, text, text, text[]),
  weft_sql.change_draft(text, jsonb), weft_sql.activate(text, boolean), weft_sql.publish(text),
  weft_sql.make_current(text, text), weft_sql.lock_workflow_of(text), weft_sql.lock_workflow(text, text, text, text);
