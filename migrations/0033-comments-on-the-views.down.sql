set local role weft_views;
comment on view weft_sql.workflow_executions is null;
comment on view weft_sql.task_executions is null;
comment on view weft_sql.workflow_states is null;
comment on column workflow_db.workflow_executions.current_node_id is 'Path of the task that began last.';
do $$
declare
  spot text[];
  name text;
begin
  foreach spot slice 1 in array array[
    ['engine.workflow_definitions', 'name version definition_json status created_by created_at updated_at'],
    ['engine.workflow_executions', 'execution_id input_data status start_time end_time created_at error_code
      error_detail created_by updated_at'],
    ['engine.workflow_states', 'state_id execution_id state_data created_at'],
    ['engine.task_executions', 'task_execution_id execution_id task_id status result start_time end_time created_at
      error_code error_detail retry_count max_retries'],
    ['weft_sql.workflow_executions', 'tenant_id id seq workflow_id definition_id status paused_by input output
      context input_ref output_ref error_code error_detail error_task correlation_id priority tags metadata
      triggered_by trigger schedule_id parent_execution_id parent_path root_execution_id redrive_of redrive_number
      test current_path waiting_for total_tasks completed_tasks cost created_at updated_at start_time end_time
      duration_ms start_after temporal_run_id first_run_id engine_version archived_at epoch authority ord attempt
      state_rank confirmed mirrored_at field_orders'],
    ['weft_sql.task_executions', 'tenant_id execution_id path id task_id parent_path item_index title type executor
      dependencies execution_order status retry_count max_retries input result error_code error_detail local cost
      tokens_used created_at updated_at start_time end_time duration_ms epoch authority ord attempt state_rank
      confirmed mirrored_at field_orders'],
    ['weft_sql.workflow_states', 'tenant_id id execution_id kind run_id state created_at'],
    ['engine.execution_statistics', 'stat_id workflow_id stat_date stat_hour total_executions successful_executions
      failed_executions avg_duration_ms created_at'],
    ['stratix.workflow_definitions', 'id name version description category tags definition_json is_active created_by
      created_at updated_at'],
    ['stratix.workflow_definition_history', 'id workflow_id definition_id from_definition_id action before after
      reason changed_by changed_at'],
    ['stratix.workflow_instances', 'id status input_data output_data context_data correlation_id priority error_code
      error_detail created_by started_at completed_at created_at updated_at archived_at'],
    ['stratix.task_instances', 'id instance_id task_id task_name task_type status execution_order input_data
      output_data error_code error_detail retry_count max_retries started_at completed_at created_at updated_at'],
    ['stratix.execution_history', 'id instance_id task_instance_id event_type event_data actor created_at'],
    ['stratix.workflow_schedules', 'id workflow_id definition_id name trigger_type cron interval_ms event_name
      event_filter time_zone input is_active overlap catchup_ms jitter_ms start_at end_at next_run_at last_run_at
      missed_count created_by created_at updated_at'],
    ['stratix.performance_metrics', 'id entity_type entity_id granularity bucket samples success failed retries
      min_ms max_ms sum_ms histogram p50 p95 p99 cpu_ms memory_mb_max tokens cost'],
    ['stratix.v_long_running_workflows', 'id definition_id name version status started_at running_ms current_path
      waiting_for'],
    ['stratix.v_high_failure_rate_workflows', 'definition_id name version finished failed failure_rate'],
    ['stratix.v_resource_anomalies', 'task_instance_id instance_id task_id executor duration_ms usual_ms factor'],
    ['agent_db.users', 'id email name permissions is_active email_verified last_login_at created_at updated_at'],
    ['agent_db.agents', 'id user_id persona_id name description settings metadata version created_at updated_at
      deleted_at'],
    ['agent_db.agent_plugins', 'id agent_id name plugin_type config is_enabled created_at updated_at'],
    ['agent_db.executions', 'id agent_id user_id status progress input output error tokens_used created_at
      started_at completed_at retry_count max_retries parent_execution_id'],
    ['agent_db.execution_logs', 'id execution_id message metadata created_at'],
    ['persona_db.personas', 'id user_id name description template is_public usage_count rating created_at updated_at
      deleted_at'],
    ['persona_db.persona_templates', 'id name template variables created_at updated_at'],
    ['persona_db.persona_validations', 'id persona_id validator validation_result is_valid issues validated_at'],
    ['code_db.code_executions', 'id user_id agent_id language code status container_id container_ip stdout stderr
      exit_code memory_used_mb security_issues created_at started_at completed_at'],
    ['code_db.code_outputs', 'id stdout stderr exit_code created_at'],
    ['sql_db.databases', 'id user_id name database_type is_active last_sync_at created_at updated_at'],
    ['sql_db.schemas', 'id database_id schema_name description is_enhanced enhanced_at created_at updated_at'],
    ['sql_db.tables', 'id schema_id table_name description row_count indexes foreign_keys sample_data
      last_analyzed_at created_at updated_at'],
    ['sql_db.sql_queries', 'id user_id database_id natural_language generated_sql validation_result executed
      result_rows execution_time_ms created_at executed_at'],
    ['knowledge_db.documents', 'id user_id title content_type file_path file_size metadata status chunk_count
      indexed_at created_at updated_at deleted_at'],
    ['knowledge_db.document_chunks', 'id document_id chunk_index content content_length metadata created_at'],
    ['workflow_db.workflows', 'id user_id name description edges viewport metadata tags created_at updated_at
      published_at deleted_at'],
    ['workflow_db.workflow_nodes', 'workflow_id id type label position data order_index'],
    ['workflow_db.workflow_edges', 'workflow_id id source target source_handle target_handle type label data
      order_index'],
    ['workflow_db.workflow_executions', 'id workflow_id user_id input output error total_nodes completed_nodes
      execution_time_ms cost created_at started_at completed_at'],
    ['workflow_db.workflow_snapshots', 'id workflow_id snapshot_data created_by created_at'],
    ['ipa.users', 'id email username full_name is_active created_at updated_at last_login_at'],
    ['ipa.workflows', 'id description created_by tags metadata created_at updated_at'],
    ['ipa.workflow_versions', 'id workflow_id version_number definition change_summary created_by created_at'],
    ['ipa.executions', 'id workflow_id workflow_version_id triggered_by status input_data output_data started_at
      completed_at duration_ms metadata created_at updated_at'],
    ['ipa.execution_steps', 'id execution_id step_name step_index status input_data output_data error_message
      started_at completed_at duration_ms retry_count created_at updated_at'],
    ['ipa.execution_logs', 'id execution_id execution_step_id level message context created_at'],
    ['ipa.agents', 'id name description type status configuration system_prompt model_name temperature max_tokens
      created_by created_at updated_at'],
    ['ipa.agent_tools', 'id agent_id tool_name tool_type configuration is_enabled created_at updated_at'],
    ['ipa.audit_logs', 'id user_id resource_type resource_id changes ip_address user_agent created_at'],
    ['ipa.workflow_execution_stats', 'workflow_id total_executions successful_count failed_count avg_duration_ms'],
    ['ipa.events', 'id execution_id path event_type actor data created_at recorded_at'],
    ['gaia.gaia_workflow_template', 'id template_code template_name template_desc created_at updated_at'],
    ['gaia.gaia_workflow', 'id workflow_code workflow_name workflow_desc template_code created_at updated_at'],
    ['gaia.gaia_workflow_version', 'id workflow_code version_number version_desc created_by created_at'],
    ['gaia.gaia_workflow_log', 'id workflow_code version_number execution_id start_time end_time input_params
      output_params error_message created_at']
  ] loop
    foreach name in array regexp_split_to_array(spot[2], '\s+') loop
      execute format('comment on column %s.%I is null', spot[1], name);
    end loop;
  end loop;
end $$;
