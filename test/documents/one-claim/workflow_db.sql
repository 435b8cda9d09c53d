set search_path = workflow_db;

select w.name, w.version, e.id, e.status, e.error, e.started_at, e.completed_at, e.execution_time_ms,
  e.total_nodes, e.completed_nodes, node ->> 'node_id' as node, node ->> 'status' as node_status
from workflow_executions e
join workflows w on w.id = e.workflow_id
left join jsonb_array_elements(e.node_executions) node on true
where e.id = $1
order by node ->> 'node_id';
