set search_path = gaia;

select w.workflow_code, w.workflow_name, l.version_number, v.is_current, l.execution_id, l.status,
  l.start_time, l.end_time, l.execution_duration, l.output_params, l.error_message
from gaia_workflow_log l
join gaia_workflow w on w.workflow_code = l.workflow_code
join gaia_workflow_version v on v.workflow_code = l.workflow_code and v.version_number = l.version_number
where l.execution_id = $1;
