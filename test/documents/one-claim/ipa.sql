set search_path = ipa;

select w.name, v.version_number, e.id, e.status, e.error_message, e.started_at, e.completed_at, e.duration_ms,
  s.step_index, s.step_name, s.step_type, s.status as step_status, s.retry_count,
  (select string_agg(l.level || ': ' || l.message, ', ' order by l.created_at, l.id)
   from execution_logs l where l.execution_step_id = s.id) as logs
from executions e
join workflows w on w.id = e.workflow_id
join workflow_versions v on v.id = e.workflow_version_id
left join execution_steps s on s.execution_id = e.id
where e.id = $1
order by s.step_index;
