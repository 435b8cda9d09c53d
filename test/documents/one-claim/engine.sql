set search_path = engine;

select d.name, d.version, e.execution_id, e.status, e.start_time, e.end_time, e.error_code, e.error_detail,
  t.task_id, t.status as task_status, t.retry_count, t.error_code as task_error
from workflow_executions e
join workflow_definitions d on d.workflow_id = e.workflow_id
left join task_executions t on t.execution_id = e.execution_id
where e.execution_id = $1
order by t.task_id;
