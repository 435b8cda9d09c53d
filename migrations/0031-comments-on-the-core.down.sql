set local role weft_owner;
do $$
declare
  spot text[];
  name text;
begin
  foreach spot slice 1 in array array[
    ['weft.sql_logins', 'role tenant_id user_id'],
    ['weft.users', 'email username password_hash roles permissions is_active email_verified last_login_at'],
    ['weft.api_keys', 'user_id name hash scopes expires_at last_used_at revoked_at'],
    ['weft.idempotency_keys', 'principal route key body_hash status response created_at'],
    ['weft.leases', 'name holder expires_at'],
    ['weft.audit_logs', 'id user_id action resource_type resource_id changes ip_address user_agent request_id
      prev_hash hash'],
    ['weft.workflows', 'name title description status category tags metadata current_definition_id template_id
      published_at'],
    ['weft.workflow_definitions', 'seq version number state dialect body content_hash engine_version compile_state
      problems is_active change_summary row_version published_at'],
    ['weft.workflow_definition_history', 'id workflow_id definition_id from_definition_id action before after reason
      changed_by changed_at'],
    ['weft.workflow_executions', 'id seq workflow_id definition_id status paused_by input output context output_ref
      error_task correlation_id priority tags metadata triggered_by trigger schedule_id parent_execution_id
      parent_path root_execution_id redrive_number test current_path total_tasks completed_tasks created_at
      start_after temporal_run_id first_run_id engine_version archived_at'],
    ['weft.task_executions', 'id task_id parent_path item_index title type executor dependencies execution_order
      status retry_count max_retries input result tokens_used created_at'],
    ['weft.workflow_states', 'kind run_id state'],
    ['weft.commands', 'id action arguments requested_by done_at error'],
    ['weft.mirror_cursors', 'run_id run_no last_event_id prefix_hash closed checked_at'],
    ['weft.approvals', 'id round title description status quorum self_approval form on_timeout on_reject deadline
      next_reminder_at claimed_by claimed_at escalated_to decision_data decided_by decided_at comment'],
    ['weft.approval_candidates', 'kind principal'],
    ['weft.approval_links', 'token_hash user_id expires_at used_at'],
    ['weft.approval_votes', 'voter_id decision on_behalf_of comment data channel ip created_at'],
    ['weft.task_attempts', 'run_id retryable next_retry_at worker local cpu_ms memory_mb execution_created_at ord
      attempt'],
    ['weft.execution_history', 'id path event_type actor data created_at recorded_at'],
    ['weft.execution_logs', 'id execution_id agent_execution_id path attempt level message context created_at']
  ] loop
    foreach name in array regexp_split_to_array(spot[2], '\s+') loop
      execute format('comment on column %s.%I is null', spot[1], name);
    end loop;
  end loop;
end $$;
