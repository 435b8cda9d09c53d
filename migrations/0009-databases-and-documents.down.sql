set local role weft_owner;
revoke select on weft.audit_logs from weft_views;
revoke select (tenant_id, id, email, username, name, roles, permissions, groups, is_active, email_verified,
  last_login_at, created_at, updated_at, deleted_at) on weft.users from weft_views;
drop index weft.workflows_tags, weft.workflows_metadata, weft.workflows_title_text, weft.agents_name_text,
  weft.agents_description_text, weft.personas_name_text, weft.personas_description_text;
drop table weft.document_chunks, weft.documents, weft.sql_queries, weft.tables, weft.schemas, weft.databases;
drop function weft.cosine_distance(real[], real[]);
-- With the extension, where the migration made it. One that was there before stays.
drop schema if exists weft_vector cascade;
