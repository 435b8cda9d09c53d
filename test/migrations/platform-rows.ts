/** A row of each of the platform's tables: columns and values; PARENT is what its foreign key is given. */
const ROWS = {
  personas: ['id, name, template', "'ID', 'P', 'You are {{ role }}'"],
  persona_templates: ['id, name, template', "'ID', 'ID', 'You are {{ role }}'"],
  persona_validations: ['id, persona_id, validator, is_valid', "'ID', 'PARENT', 'gpt4_judge', true"],
  agents: ['id, persona_id, name', "'ID', 'PARENT', 'A'"],
  agent_plugins: ['id, agent_id, name, plugin_type', "'ID', 'PARENT', 'P', 'web_search'"],
  agent_tools: ['id, agent_id, tool_name, tool_type', "'ID', 'PARENT', 'ID', 'api'"],
  agent_executions: ['id, agent_id', "'ID', 'PARENT'"],
  code_executions: ['id, language, code', "'ID', 'python', '1'"],
  databases: ['id, name, connection_string, database_type', "'ID', 'D', 'enc:x', 'mysql'"],
  schemas: ['id, database_id, schema_name', "'ID', 'PARENT', 'ID'"],
  tables: ['id, schema_id, table_name', "'ID', 'PARENT', 't'"],
  sql_queries: [
    'id, database_id, natural_language, generated_sql, is_safe',
    "'ID', 'PARENT', 'how many?', 'select 1', true",
  ],
  documents: ['id, title, content, content_type', "'ID', 'T', 'c', 'text/plain'"],
  document_chunks: ['id, document_id, chunk_index, content, content_length', "'ID', 'PARENT', 0, 'c', 1"],
} as const;

export type PlatformTable = keyof typeof ROWS;
export const PLATFORM_TABLES = Object.keys(ROWS) as PlatformTable[];
export const WITH_PARENT = PLATFORM_TABLES.filter((table) => ROWS[table][1].includes('PARENT'));

/** The statement that makes the row `id` of `table`. */
export function insertInto(table: PlatformTable, id: string, parent: string): string {
  return `insert into ${table} (${ROWS[table][0]}) values (${ROWS[table][1].replaceAll('ID', id).replaceAll('PARENT', parent)})`;
}
