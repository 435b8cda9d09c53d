set local role weft_engine;
drop function weft.refresh_performance_metrics(timestamptz, timestamptz), weft.refresh_execution_statistics(date, date),
  weft.archive_completed_workflows(int, int, text);
set local role weft_owner;
drop function weft.cleanup_execution_history(int, int, text);
drop policy lookup on weft.workflow_executions;
drop policy retention on weft.task_attempts;
drop policy retention on weft.execution_logs;
drop policy retention on weft.execution_history;
