type Values = { readonly [column: string]: unknown };

/** One row for each writable view of the TID platform, in an order in which what is referred to is there. */
export const TID_ROWS: readonly {
  readonly view: string;
  /** With an id; what is not here has a default. */
  readonly insert: Values;
  /** What the row is then, beside what was given. */
  readonly shown: Values;
  readonly update: Values;
  readonly updated?: Values;
  /** Error code of a DELETE, where one is refused. */
  readonly undeletable?: string;
}[] = [
  {
    view: 'agent_db.users',
    insert: { id: 'row', email: 'ada@tid.test', password_hash: 'secret', name: 'Ada' },
    shown: { password_hash: null, roles: ['user'], permissions: [], is_active: true, email_verified: false },
    update: { name: 'Ada L.', roles: ['developer'], deleted_at: new Date('2026-01-01T00:00:00Z') },
    undeletable: '0A000',
  },
  {
    view: 'persona_db.personas',
    insert: { id: 'row', name: 'Analyst', template: 'You are {{ name }}.' },
    shown: { user_id: 'system', variables: {}, is_public: false, usage_count: 0, rating: null, deleted_at: null },
    update: { variables: { type: 'object' }, rating: '4.50' },
  },
  {
    view: 'persona_db.persona_templates',
    insert: { id: 'row', name: 'Blank', template: '' },
    shown: { variables: {} },
    update: { template: 'x' },
  },
  {
    view: 'persona_db.persona_validations',
    insert: { id: 'row', persona_id: 'row', validator: 'gpt4_judge', validation_result: { score: 9 }, is_valid: true },
    shown: { issues: null },
    update: { is_valid: false, issues: ['too long'] },
  },
  {
    view: 'agent_db.agents',
    insert: { id: 'row', user_id: 'system', persona_id: 'row', name: 'Helper' },
    shown: { status: 'active', settings: { temperature: 0.7, max_tokens: 4000, top_p: 1 }, metadata: {}, version: 1 },
    update: { status: 'archived', settings: { temperature: 1 }, version: 2, description: 'Helps.' },
  },
  {
    view: 'agent_db.agent_plugins',
    insert: { id: 'row', agent_id: 'row', name: 'Search', plugin_type: 'web_search' },
    shown: { config: {}, is_enabled: true, order_index: 0 },
    update: { config: { engine: 'x' }, is_enabled: false, order_index: 2 },
  },
  {
    view: 'agent_db.executions',
    insert: { id: 'row', agent_id: 'row', input: { question: 'why?' } },
    shown: {
      user_id: 'system',
      status: 'pending',
      progress: 0,
      retry_count: 0,
      max_retries: 3,
      execution_time_ms: null,
    },
    update: {
      status: 'completed',
      output: { answer: 42 },
      completed_at: new Date('2026-01-01T00:00:02Z'),
      execution_time_ms: 1500,
    },
    updated: { started_at: new Date('2026-01-01T00:00:00.500Z'), execution_time_ms: '1500' },
  },
  {
    view: 'code_db.code_executions',
    insert: { id: 'row', language: 'python', code: 'print(1)', container_ip: '10.0.0.7' },
    shown: { user_id: 'system', status: 'pending', exit_code: null },
    update: { status: 'completed', stdout: '1\n', exit_code: 0, cpu_usage_percent: '12.50', security_issues: ['none'] },
  },
  {
    view: 'sql_db.databases',
    insert: { id: 'row', name: 'Sales', connection_string: 'enc:abc', database_type: 'postgresql' },
    shown: { user_id: 'system', is_active: true, last_sync_at: null },
    update: { connection_string: 'enc:def', is_active: false },
  },
  {
    view: 'sql_db.schemas',
    insert: { id: 'row', database_id: 'row', schema_name: 'public' },
    shown: { is_enhanced: false },
    update: { description: 'All of it.', is_enhanced: true },
  },
  {
    view: 'sql_db.tables',
    insert: { id: 'row', schema_id: 'row', table_name: 'orders', columns: { id: 'int' } },
    shown: { row_count: null, indexes: null },
    update: { row_count: '7', sample_data: { id: 1 } },
  },
  {
    view: 'sql_db.sql_queries',
    insert: { id: 'row', database_id: 'row', natural_language: 'How many?', generated_sql: 'select 1', is_safe: true },
    shown: { user_id: 'system', executed: false },
    update: { executed: true, result_rows: 1, execution_time_ms: '12' },
  },
  {
    view: 'knowledge_db.documents',
    insert: { id: 'row', title: 'Manual', content: 'Turn it on.', content_type: 'text/plain' },
    shown: { user_id: 'system', metadata: {}, status: 'uploaded', chunk_count: 0 },
    update: { status: 'indexed', chunk_count: 1 },
  },
  {
    view: 'knowledge_db.document_chunks',
    insert: { id: 'row', document_id: 'row', chunk_index: 0, content: 'Turn it on.', content_length: 11 },
    shown: { embedding: null, metadata: {} },
    update: { metadata: { page: 1 } },
  },
  {
    view: 'workflow_db.workflows',
    insert: { id: 'row', name: 'Order/intake', tags: ['shop'] },
    shown: {
      user_id: 'system',
      status: 'draft',
      version: 1,
      nodes: [],
      edges: [],
      viewport: { x: 0, y: 0, zoom: 1 },
      metadata: {},
    },
    update: {
      name: 'Orders',
      nodes: '[{"id":"a","type":"set","position":{"x":1,"y":2},"data":{"vars":{"x":1}}}]',
      description: 'Takes them in.',
    },
    updated: { nodes: [{ id: 'a', type: 'set', position: { x: 1, y: 2 }, data: { vars: { x: 1 } } }] },
  },
  {
    view: 'workflow_db.workflow_snapshots',
    insert: { id: 'row', workflow_id: 'row', snapshot_data: { crdt: 'AAE=' } },
    shown: { created_by: 'system' },
    update: { snapshot_data: { crdt: 'AAI=' } },
  },
];
