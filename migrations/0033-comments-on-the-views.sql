-- The documents' views: first what they derive, then from the core what they show of it as it is.
set local role weft_views;

comment on view weft_sql.workflow_executions is 'Live and archived executions: what the documents'' views read.';
comment on view weft_sql.task_executions is 'Tasks of live and archived executions: what the documents'' views read.';
comment on view weft_sql.workflow_states is 'States of live and archived executions: what the documents'' views read.';

comment on column engine.workflow_definitions.status is
  'draft, active, inactive (nothing new starts from it) or deleted (its workflow is).';
comment on column engine.workflow_executions.status is
  'pending, retry (repeats another, not begun), running (also while paused), success, failed (also timed out) or cancelled.';
comment on column engine.task_executions.status is
  'pending, running (also while it waits), success, failed, timeout or skipped (also cancelled).';

comment on column stratix.workflow_instances.status is
  'pending, running, paused, completed, failed (also timed out) or cancelled; takes paused, resumed and cancelled.';
comment on column stratix.task_instances.task_name is 'Its title; where it has none, its task_id.';
comment on column stratix.task_instances.task_type is
  'executor, condition (also switch), parallel (also foreach), sequential (also loop and try) or sub_workflow.';
comment on column stratix.task_instances.status is
  'pending, running (also while it waits), completed, failed (also timed out) or skipped (also cancelled).';
comment on column stratix.execution_history.id is 'Unique; what came first, created_at says.';
comment on column stratix.execution_history.task_instance_id is 'Of stratix.task_instances; null: it happened to the instance.';
comment on column stratix.v_long_running_workflows.status is 'running or paused.';
comment on column stratix.v_long_running_workflows.running_ms is 'Since it began, the time it was paused included.';
comment on column stratix.v_high_failure_rate_workflows.finished is 'Today and yesterday (UTC), as of the last refresh of the statistics.';
comment on column stratix.v_high_failure_rate_workflows.failed is 'Of finished; those that timed out included.';
comment on column stratix.v_high_failure_rate_workflows.failure_rate is 'failed of finished, 0 to 1.';
comment on column stratix.v_resource_anomalies.usual_ms is 'The middle of its executor''s daily 95th percentiles of the last 30 days.';
comment on column stratix.v_resource_anomalies.factor is 'How many times usual_ms it took.';

comment on column ipa.executions.status is
  'pending, running, paused, completed, failed (also timed out) or cancelled; takes paused, resumed and cancelled.';
comment on column ipa.execution_steps.step_name is 'Its title; where it has none, its id in the definition.';
comment on column ipa.execution_steps.status is
  'pending, running (also while it waits), completed, failed (also timed out) or skipped (also cancelled).';
comment on column ipa.execution_steps.error_message is 'Code and detail.';
comment on column ipa.execution_logs.execution_id is 'Of ipa.executions.';
comment on column ipa.execution_logs.execution_step_id is 'Of ipa.execution_steps; null: no step logged it.';
comment on column ipa.agents.status is 'active, inactive or deprecated; the core''s archived shows as deprecated.';
comment on column ipa.agents.temperature is 'Of the model, 0 to 2; null: what it takes by default.';
comment on column ipa.agents.max_tokens is 'At most in an answer; null: what the model takes by default.';

comment on column gaia.gaia_workflow_log.input_params is 'JSON as text; null: none given.';
comment on column gaia.gaia_workflow_log.output_params is 'JSON as text; null until it has succeeded.';
comment on column gaia.gaia_workflow_log.error_message is 'Code and detail.';

comment on column agent_db.executions.status is 'pending, running, completed, failed, cancelled or timeout.';
comment on column agent_db.execution_logs.execution_id is 'Of agent_db.executions.';
comment on column code_db.code_executions.status is 'pending, running, completed, failed, cancelled or timeout.';
comment on column code_db.code_executions.container_ip is 'As text, without a mask; null: it had no network.';

comment on column workflow_db.workflows.edges is 'As Vue Flow draws them; changed, they make a draft, and what is published runs on.';
comment on column workflow_db.workflows.viewport is 'Where the editor stood: x, y and zoom.';
comment on column workflow_db.workflow_nodes.workflow_id is 'Of workflow_db.workflows.';
comment on column workflow_db.workflow_nodes.id is 'Unique in its workflow; the task''s id.';
comment on column workflow_db.workflow_nodes.type is 'What the editor calls it; what it means, the dialect graph says.';
comment on column workflow_db.workflow_nodes.label is 'data.label; null: none.';
comment on column workflow_db.workflow_nodes.position is 'x and y in pixels.';
comment on column workflow_db.workflow_nodes.data is 'What the task is told.';
comment on column workflow_db.workflow_nodes.order_index is 'Place in nodes, from 0.';
comment on column workflow_db.workflow_edges.workflow_id is 'Of workflow_db.workflows.';
comment on column workflow_db.workflow_edges.id is 'Unique in its workflow.';
comment on column workflow_db.workflow_edges.source is 'The node it leaves.';
comment on column workflow_db.workflow_edges.target is 'The node it enters.';
comment on column workflow_db.workflow_edges.source_handle is 'Which way out of the source: a branch of a condition; null: the only one.';
comment on column workflow_db.workflow_edges.target_handle is 'Which way into the target; null: the only one.';
comment on column workflow_db.workflow_edges.type is 'How it is drawn; null: as usual.';
comment on column workflow_db.workflow_edges.label is 'Null: none.';
comment on column workflow_db.workflow_edges.data is 'The editor''s own; null: none.';
comment on column workflow_db.workflow_edges.order_index is 'Place in edges, from 0.';
comment on column workflow_db.workflow_executions.error is 'code, detail and task (a path); null: none.';
comment on column workflow_db.workflow_executions.current_node_id is 'Path of the task it waits at, the first of several; null: it waits at none.';

-- What is shown as it is: the view, its core table, and which columns have another name there or come from another table.
do $$
declare
  spot record;
begin
  for spot in
    select shown.view, a.attname as name, core.name as source,
      (select col_description(c.attrelid, c.attnum) from pg_attribute c
        where c.attrelid = to_regclass(split_part(core.name, '.', 1) || '.' || split_part(core.name, '.', 2))
          and c.attname = split_part(core.name, '.', 3)) as text
    from (values
      ('weft_sql.workflow_executions', 'workflow_executions', ''),
      ('weft_sql.task_executions', 'task_executions', ''),
      ('weft_sql.workflow_states', 'workflow_states', ''),
      ('engine.workflow_definitions', 'workflow_definitions', 'name=workflows.name definition_json=body'),
      ('engine.workflow_executions', 'workflow_executions', 'execution_id=id input_data=input created_by=triggered_by'),
      ('engine.task_executions', 'task_executions', 'task_execution_id=id'),
      ('engine.workflow_states', 'workflow_states', 'state_id=id state_data=state'),
      ('engine.execution_statistics', 'execution_statistics', 'stat_id=id workflow_id=definition_id total_executions=total
        successful_executions=successful failed_executions=failed'),
      ('stratix.workflow_definitions', 'workflow_definitions', 'name=workflows.name description=workflows.description
        category=workflows.category tags=workflows.tags definition_json=body'),
      ('stratix.workflow_definition_history', 'workflow_definition_history', ''),
      ('stratix.workflow_instances', 'workflow_executions', 'input_data=input output_data=output context_data=context
        created_by=triggered_by started_at=start_time completed_at=end_time'),
      ('stratix.task_instances', 'task_executions', 'instance_id=execution_id input_data=input output_data=result
        started_at=start_time completed_at=end_time'),
      ('stratix.execution_history', 'execution_history', 'instance_id=execution_id event_data=data'),
      ('stratix.workflow_schedules', 'workflow_schedules', ''),
      ('stratix.performance_metrics', 'performance_metrics', 'p50=p50_ms p95=p95_ms p99=p99_ms'),
      ('stratix.v_long_running_workflows', 'workflow_executions', 'name=workflows.name version=workflow_definitions.version
        started_at=start_time'),
      ('stratix.v_high_failure_rate_workflows', 'workflow_definitions', 'definition_id=id name=workflows.name'),
      ('stratix.v_resource_anomalies', 'task_executions', 'task_instance_id=id instance_id=execution_id'),
      ('ipa.users', 'users', 'full_name=name'),
      ('ipa.workflows', 'workflows', 'created_by=owner_id'),
      ('ipa.workflow_versions', 'workflow_definitions', 'version_number=number definition=body'),
      ('ipa.executions', 'workflow_executions', 'workflow_version_id=definition_id input_data=input output_data=output
        started_at=start_time completed_at=end_time'),
      ('ipa.execution_steps', 'task_executions', 'step_index=execution_order input_data=input output_data=result
        started_at=start_time completed_at=end_time'),
      ('ipa.execution_logs', 'execution_logs', ''),
      ('ipa.agents', 'agents', 'created_by=owner_id'),
      ('ipa.agent_tools', 'agent_tools', ''),
      ('ipa.audit_logs', 'audit_logs', ''),
      ('ipa.events', 'execution_history', ''),
      ('ipa.workflow_execution_stats', 'workflow_execution_stats', ''),
      ('gaia.gaia_workflow', 'workflows', 'id=seq workflow_code=name workflow_name=title workflow_desc=description
        template_code=workflow_templates.code'),
      ('gaia.gaia_workflow_version', 'workflow_definitions', 'id=seq workflow_code=workflows.name version_number=version
        version_desc=change_summary'),
      ('gaia.gaia_workflow_log', 'workflow_executions', 'id=seq workflow_code=workflows.name
        version_number=workflow_definitions.version execution_id=id'),
      ('gaia.gaia_workflow_template', 'workflow_templates', 'id=seq template_code=code template_name=name
        template_desc=description'),
      ('agent_db.users', 'users', ''),
      ('agent_db.agents', 'agents', 'user_id=owner_id'),
      ('agent_db.agent_plugins', 'agent_plugins', ''),
      ('agent_db.executions', 'agent_executions', 'started_at=start_time completed_at=end_time parent_execution_id=parent_id'),
      ('agent_db.execution_logs', 'execution_logs', 'metadata=context'),
      ('persona_db.personas', 'personas', 'user_id=owner_id'),
      ('persona_db.persona_templates', 'persona_templates', ''),
      ('persona_db.persona_validations', 'persona_validations', ''),
      ('code_db.code_executions', 'code_executions', 'started_at=start_time completed_at=end_time'),
      ('code_db.code_outputs', 'code_executions', ''),
      ('sql_db.databases', 'databases', ''),
      ('sql_db.schemas', 'schemas', ''),
      ('sql_db.tables', 'tables', ''),
      ('sql_db.sql_queries', 'sql_queries', ''),
      ('knowledge_db.documents', 'documents', ''),
      ('knowledge_db.document_chunks', 'document_chunks', ''),
      ('workflow_db.workflows', 'workflows', 'user_id=owner_id name=title'),
      ('workflow_db.workflow_executions', 'workflow_executions', 'user_id=triggered_by total_nodes=total_tasks
        completed_nodes=completed_tasks execution_time_ms=duration_ms started_at=start_time completed_at=end_time'),
      ('workflow_db.workflow_snapshots', 'workflow_snapshots', 'snapshot_data=snapshot')
    ) shown (view, core, other)
    join pg_attribute a on a.attrelid = shown.view::regclass and a.attnum > 0
    cross join lateral (
      select coalesce(substring(shown.other from '(?:^|\s)' || a.attname || '=(\S+)'), a.attname::text)
    ) given (name)
    cross join lateral (
      select 'weft.' || case when strpos(given.name, '.') > 0 then given.name else shown.core || '.' || given.name end
    ) core (name)
    where col_description(a.attrelid, a.attnum) is null
  loop
    if spot.text is null then
      raise exception '%.% says nothing, and neither does %', spot.view, spot.name, spot.source;
    end if;
    execute format('comment on column %s.%I is %L', spot.view, spot.name, spot.text);
  end loop;
end $$;
