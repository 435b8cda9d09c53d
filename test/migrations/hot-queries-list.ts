/** The documents' frequent queries, as they are written there or as their indexes say they are asked, through the views. */
export const HOT_QUERIES: readonly {
  readonly document: string;
  readonly query: string;
  /** Indexes of which each is used. */
  readonly uses: readonly string[];
  /** Who acts for a user: `ipa` shows that user's own. Only the service says it. */
  readonly user?: string;
}[] = [
  {
    document: '000',
    query: `select * from engine.workflow_executions where workflow_id = 'default-w1-v1' and status = 'failed' order by created_at desc limit 20`,
    uses: ['workflow_executions_engine_status'],
  },
  {
    document: '000',
    query: `select * from engine.workflow_executions where workflow_id = 'default-w1-v1' and status = 'cancelled' and created_at > now() - interval '7 days'`,
    uses: ['workflow_executions_engine_status'],
  },
  {
    document: '000',
    query: 'select * from engine.workflow_executions order by created_at desc limit 20',
    uses: ['workflow_executions_created_at'],
  },
  {
    document: '000',
    query: `select * from engine.workflow_executions where execution_id = 'e1000'`,
    uses: ['workflow_executions_pkey'],
  },
  {
    document: '000',
    query: `select * from engine.task_executions where execution_id = 'e1000' and status = 'failed'`,
    uses: ['task_executions_pkey'],
  },
  {
    document: '000',
    query: 'select * from engine.task_executions order by created_at desc limit 20',
    uses: ['task_executions_created_at'],
  },
  {
    document: '000',
    query: `select * from engine.task_executions where task_execution_id = weft.task_row_id('default', 'e1000', '/t1')`,
    uses: ['task_executions_id', 'tasks_id'],
  },
  {
    document: '001',
    query: `select * from stratix.workflow_instances where status in ('running', 'pending') order by priority desc, created_at asc`,
    uses: ['workflow_executions_queue', 'executions_queue'],
  },
  {
    document: '001',
    query: `select * from stratix.workflow_instances where status in ('running', 'pending') order by priority desc, created_at asc limit 20`,
    uses: ['workflow_executions_queue', 'executions_queue'],
  },
  {
    document: '001',
    query: `select definition_id, count(*) as total, sum(case when status = 'completed' then 1 else 0 end) as success,
      avg(extract(epoch from completed_at - started_at)) as avg_duration
      from stratix.workflow_instances where created_at >= now() - interval '24 hours' group by definition_id`,
    uses: ['workflow_executions_created_at'],
  },
  {
    document: '001',
    query: `select wi.*, wd.name from stratix.workflow_instances wi join stratix.workflow_definitions wd on wi.definition_id = wd.id
      where wi.correlation_id = 'batch-1'`,
    uses: ['workflow_executions_correlation'],
  },
  {
    document: '001',
    query: `select * from stratix.workflow_instances where status = 'failed' order by created_at desc limit 20`,
    uses: ['workflow_executions_instance_status', 'executions_instance_status'],
  },
  {
    document: '001',
    query: `select * from stratix.workflow_instances where definition_id = 'default-w1-v1' and status = 'completed' order by created_at desc limit 20`,
    uses: ['workflow_executions_definition'],
  },
  {
    document: '001',
    query: `select * from stratix.task_instances where instance_id = 'e1000' order by execution_order`,
    uses: ['task_executions_pkey'],
  },
  {
    document: '001',
    query: `select * from stratix.execution_history where instance_id = 'e1000' order by created_at`,
    uses: ['execution_history_.*_event_key__key'],
  },
  { document: '001', query: 'select * from stratix.v_long_running_workflows', uses: ['workflow_executions_open'] },
  {
    document: '002',
    query: `select * from workflow_db.workflow_executions where workflow_id = 'default-w1' order by created_at desc limit 20`,
    uses: ['workflow_executions_list'],
  },
  {
    document: '002',
    query: `select * from workflow_db.workflow_executions where workflow_id = 'default-w1' and status = 'completed' order by created_at desc limit 20`,
    uses: ['workflow_executions_list'],
  },
  {
    document: '002',
    query: `select * from workflow_db.workflow_executions where user_id = 'u1' order by created_at desc limit 20`,
    uses: ['workflow_executions_triggered_by'],
  },
  {
    document: '002',
    query: `select * from workflow_db.workflow_executions where status = 'failed' order by created_at desc limit 20`,
    uses: ['workflow_executions_t_status'],
  },
  {
    document: '002',
    query: 'select * from workflow_db.workflow_executions order by created_at desc limit 20',
    uses: ['workflow_executions_created_at'],
  },
  {
    document: '002',
    query: `select * from workflow_db.workflow_executions where id = 'e1000'`,
    uses: ['workflow_executions_pkey', 'task_executions_pkey'],
  },
  {
    document: '003',
    query: `select status, triggered_by, created_at from ipa.executions where workflow_id = 'default-w1' order by created_at desc limit 50`,
    uses: ['only:workflow_executions_list'],
  },
  {
    document: '003',
    query: `select * from ipa.executions where status = 'cancelled' order by created_at desc limit 20`,
    uses: ['workflow_executions_instance_status', 'executions_instance_status'],
  },
  {
    document: '003',
    query: `select count(*) from ipa.executions where status = 'paused'`,
    uses: ['workflow_executions_instance_status', 'executions_instance_status'],
  },
  {
    document: '003',
    query: `select * from ipa.executions where triggered_by = 'u1' order by created_at desc limit 20`,
    uses: ['workflow_executions_triggered_by'],
  },
  {
    document: '003',
    query: 'select * from ipa.executions order by created_at desc limit 20',
    uses: ['workflow_executions_created_at'],
  },
  {
    document: '003',
    query: 'select * from ipa.executions where completed_at is not null order by completed_at desc limit 20',
    uses: ['workflow_executions_end_time'],
  },
  {
    document: '003',
    query: `select * from ipa.execution_steps where execution_id = 'e1000' order by step_index`,
    uses: ['task_executions_pkey'],
  },
  {
    document: '003',
    query: `select * from ipa.execution_steps where id = weft.task_row_id('default', 'e1000', '/t1')`,
    uses: ['task_executions_id', 'tasks_id'],
  },
  {
    document: '003',
    query: `select * from ipa.execution_logs where execution_id = 'e1000' order by created_at`,
    uses: ['execution_logs_.*execution_id_created_at_id_idx'],
  },
  {
    document: '003',
    query: `select * from ipa.execution_logs where level = 'error' order by created_at desc limit 20`,
    uses: ['execution_logs_.*level_created_at_idx'],
  },
  {
    document: '003',
    query: 'select * from ipa.execution_logs order by created_at desc limit 20',
    uses: ['execution_logs_.*tenant_id_created_at_idx'],
  },
  {
    document: '003',
    query: `select * from ipa.audit_logs where user_id = 'u1' order by created_at desc limit 20`,
    uses: ['audit_logs_.*user_id_created_at_idx'],
  },
  {
    document: '003',
    query: `select * from ipa.audit_logs where resource_type = 'execution' and resource_id = 'e1000'`,
    uses: ['audit_logs_.*resource_type_resource_id_idx'],
  },
  {
    document: '003',
    query: `select * from ipa.audit_logs where action = 'cancel' order by created_at desc limit 20`,
    uses: ['audit_logs_.*audit_action_of_created_at_idx'],
  },
  {
    document: '003',
    query: `select * from ipa.events where execution_id = 'e1000' order by id`,
    uses: ['execution_history_.*_event_key__key'],
  },
  {
    document: '003',
    user: 'u1',
    query: 'select * from ipa.executions order by created_at desc limit 20',
    uses: ['workflow_executions_created_at'],
  },
  {
    document: '003',
    user: 'u1',
    query: `select * from ipa.executions where status = 'failed' order by created_at desc limit 20`,
    uses: ['workflow_executions_instance_status'],
  },
  {
    document: '003',
    user: 'u1',
    query: `select * from ipa.execution_steps where execution_id = 'e1000' order by step_index`,
    uses: ['task_executions_pkey'],
  },
  {
    document: '004',
    query: `select * from gaia.gaia_workflow_log where workflow_code = 'flow-1' order by created_at desc limit 20`,
    uses: ['workflow_executions_list|workflow_executions_created_at'],
  },
  {
    document: '004',
    query: `select * from gaia.gaia_workflow_log where execution_id = 'e1000'`,
    uses: ['workflow_executions_pkey'],
  },
  {
    document: '004',
    query: 'select * from gaia.gaia_workflow_log where id = 1000',
    uses: ['workflow_executions_tenant_id_seq_key'],
  },
];
