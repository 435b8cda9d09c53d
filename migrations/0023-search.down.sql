set local role weft_search;
drop function agent_db.search_agents(text), agent_db.executions_with_input(jsonb), persona_db.search_personas(text),
  sql_db.search_tables(text), sql_db.search_queries(text), knowledge_db.search_documents(text),
  knowledge_db.search_chunks(real[], int), workflow_db.search_workflows(text), workflow_db.workflows_with_tag(text);
set local role weft_views;
revoke all on agent_db.agents, agent_db.executions, persona_db.personas, sql_db.tables, sql_db.sql_queries,
  knowledge_db.documents, knowledge_db.document_chunks, workflow_db.workflows from weft_search;
revoke usage on schema agent_db, persona_db, sql_db, knowledge_db, workflow_db from weft_search;
set local role weft_owner;
do $$
declare
  name text;
begin
  foreach name in array array[
    'agents', 'agent_executions', 'personas', 'tables', 'sql_queries', 'documents', 'document_chunks', 'workflows'
  ] loop
    execute format('drop policy lookup on weft.%I', name);
    execute format('revoke select on weft.%I from weft_search', name);
  end loop;
end $$;
drop index weft.workflows_description_text;
