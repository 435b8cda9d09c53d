set local role weft_owner;
do $$
declare
  spot text[];
  name text;
begin
  foreach spot slice 1 in array array[
    ['weft.users', 'tenant_id id created_at updated_at deleted_at'],
    ['weft.api_keys', 'tenant_id id created_at'],
    ['weft.idempotency_keys', 'tenant_id'],
    ['weft.audit_logs', 'tenant_id created_at'],
    ['weft.workflows', 'tenant_id id owner_id created_at updated_at deleted_at'],
    ['weft.workflow_definitions', 'tenant_id id workflow_id created_by created_at updated_at'],
    ['weft.workflow_definition_history', 'tenant_id'],
    ['weft.workflow_executions', 'tenant_id error_code error_detail cost updated_at start_time end_time duration_ms
      attempt state_rank mirrored_at field_orders'],
    ['weft.task_executions', 'tenant_id execution_id error_code error_detail cost updated_at start_time end_time
      duration_ms epoch authority ord attempt state_rank confirmed mirrored_at field_orders'],
    ['weft.workflow_states', 'tenant_id id execution_id created_at'],
    ['weft.commands', 'tenant_id execution_id created_at'],
    ['weft.mirror_cursors', 'tenant_id execution_id epoch'],
    ['weft.approvals', 'tenant_id execution_id path created_at updated_at epoch authority ord attempt state_rank
      confirmed mirrored_at'],
    ['weft.approval_candidates', 'tenant_id approval_id'],
    ['weft.approval_links', 'tenant_id approval_id'],
    ['weft.approval_votes', 'tenant_id approval_id'],
    ['weft.task_attempts', 'tenant_id execution_id path error_code error_detail start_time end_time duration_ms
      epoch authority state_rank confirmed mirrored_at'],
    ['weft.execution_history', 'tenant_id execution_id'],
    ['weft.execution_logs', 'tenant_id'],
    ['weft.personas', 'tenant_id id owner_id name description template usage_count rating created_at updated_at
      deleted_at'],
    ['weft.persona_templates', 'tenant_id id name template variables created_at updated_at'],
    ['weft.persona_validations', 'tenant_id id persona_id validator validation_result is_valid issues validated_at'],
    ['weft.agents', 'tenant_id id owner_id persona_id name description system_prompt model_name metadata version
      created_at updated_at deleted_at'],
    ['weft.agent_plugins', 'tenant_id id agent_id name plugin_type config is_enabled created_at updated_at'],
    ['weft.agent_tools', 'tenant_id id agent_id tool_name tool_type configuration is_enabled created_at updated_at'],
    ['weft.agent_executions', 'tenant_id id agent_id user_id workflow_id workflow_execution_id status input output
      error tokens_used retry_count max_retries created_at start_time end_time duration_ms epoch ord attempt
      state_rank confirmed mirrored_at'],
    ['weft.code_executions', 'tenant_id id user_id agent_id workflow_execution_id language code status container_id
      container_ip stdout stderr exit_code memory_used_mb security_issues created_at start_time end_time duration_ms'],
    ['weft.databases', 'tenant_id id user_id name database_type is_active created_at updated_at'],
    ['weft.schemas', 'tenant_id id database_id schema_name description enhanced_at created_at updated_at'],
    ['weft.tables', 'tenant_id id schema_id table_name description indexes foreign_keys last_analyzed_at created_at
      updated_at'],
    ['weft.sql_queries', 'tenant_id id user_id database_id generated_sql validation_result executed
      execution_time_ms executed_at created_at'],
    ['weft.documents', 'tenant_id id user_id title content_type file_path metadata chunk_count indexed_at created_at
      updated_at deleted_at'],
    ['weft.document_chunks', 'tenant_id id document_id content metadata created_at'],
    ['weft.workflow_templates', 'tenant_id id name description body created_by created_at updated_at deleted_at'],
    ['weft.workflow_schedules', 'tenant_id id workflow_id name trigger_type cron interval_ms event_name input
      is_active start_at end_at next_run_at last_run_at temporal_schedule_id created_by created_at updated_at'],
    ['weft.events', 'tenant_id id name data status created_by created_at'],
    ['weft.event_deliveries', 'tenant_id event_id execution_id at'],
    ['weft.event_waits', 'tenant_id id execution_id path name taken expires_at created_at'],
    ['weft.workflow_snapshots', 'tenant_id id workflow_id snapshot created_by created_at'],
    ['weft.audit_checkpoints', 'tenant_id id partition first_chain_no last_chain_no created_at'],
    ['weft.payloads', 'tenant_id id content content_type size created_at'],
    ['weft.settings', 'tenant_id name value created_at updated_at'],
    ['weft.execution_statistics', 'tenant_id id workflow_id definition_id stat_date total successful cancelled
      timed_out sum_duration_ms avg_duration_ms created_at updated_at'],
    ['weft.performance_metrics', 'tenant_id id entity_type granularity bucket success failed min_ms max_ms sum_ms
      p50_ms p95_ms p99_ms cpu_ms memory_mb_max tokens cost created_at updated_at'],
    ['weft_archive.executions', 'tenant_id id seq workflow_id definition_id status paused_by input output context
      output_ref error_code error_detail error_task correlation_id priority tags metadata triggered_by trigger
      schedule_id parent_execution_id parent_path root_execution_id redrive_number test current_path total_tasks
      completed_tasks cost created_at updated_at start_time end_time duration_ms start_after temporal_run_id
      first_run_id engine_version archived_at attempt state_rank mirrored_at field_orders'],
    ['weft_archive.tasks', 'tenant_id execution_id id task_id parent_path item_index title type executor
      dependencies execution_order status retry_count max_retries input result error_code error_detail cost
      tokens_used created_at updated_at start_time end_time duration_ms epoch authority ord attempt state_rank
      confirmed mirrored_at field_orders'],
    ['weft_archive.states', 'tenant_id id execution_id kind run_id state created_at'],
    ['weft_archive.approvals', 'tenant_id id execution_id path round title description status quorum self_approval
      form on_timeout on_reject deadline next_reminder_at claimed_by claimed_at escalated_to decision_data
      decided_by decided_at comment created_at updated_at epoch authority ord attempt state_rank confirmed
      mirrored_at'],
    ['weft_archive.approval_candidates', 'tenant_id approval_id kind principal'],
    ['weft_archive.approval_votes', 'tenant_id approval_id voter_id decision on_behalf_of comment data channel ip
      created_at']
  ] loop
    foreach name in array regexp_split_to_array(spot[2], '\s+') loop
      execute format('comment on column %s.%I is null', spot[1], name);
    end loop;
  end loop;
end $$;
set local role weft_engine;
do $$
declare
  spot text[];
  name text;
begin
  foreach spot slice 1 in array array[
    ['weft.workflow_execution_stats', 'tenant_id workflow_id total_executions successful_count failed_count
      avg_duration_ms']
  ] loop
    foreach name in array regexp_split_to_array(spot[2], '\s+') loop
      execute format('comment on column %s.%I is null', spot[1], name);
    end loop;
  end loop;
end $$;
