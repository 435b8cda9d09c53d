set local role weft_views;
drop schema agent_db, persona_db, code_db, sql_db, knowledge_db cascade;
set local role weft_owner;
drop index weft.execution_logs_agent_execution;
revoke execute on function weft.create_month_partitions(date, int) from weft_views;
revoke insert, delete on weft.execution_logs from weft_views;
revoke select (password_hash) on weft.users from weft_views;
revoke usage on schema weft
  from agent_service, persona_service, code_service, sql_service, knowledge_service, workflow_service;
