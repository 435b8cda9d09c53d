set search_path = stratix;

select d.name, d.version, i.id, i.status, i.correlation_id, i.output_data, i.started_at, i.completed_at,
  t.execution_order, t.task_id, t.task_type, t.status as task_status,
  (select string_agg(h.event_type, ', ' order by h.created_at, h.event_type desc)
   from execution_history h where h.instance_id = i.id and h.event_type ~ '^workflow_|^task_retry$') as events
from workflow_instances i
join workflow_definitions d on d.id = i.definition_id
left join task_instances t on t.instance_id = i.id
where i.id = $1
order by t.execution_order;
