set local role weft_owner;
drop function weft.cleanup_payloads(int, text);
alter table weft.payloads drop constraint payloads_content;
-- Of the same value in several executions one row stays.
delete from weft.payloads p using weft.payloads other
where other.tenant_id = p.tenant_id and other.hash = p.hash and other.id < p.id;
alter table weft.payloads add constraint payloads_tenant_id_hash_key unique (tenant_id, hash);
create index payloads_execution on weft.payloads (tenant_id, execution_id) where execution_id is not null;
comment on column weft.payloads.execution_id is 'The first that needed it; others may hold it too.';
comment on column weft.payloads.hash is 'SHA-256 of the content: the same value is kept once.';
comment on column weft.payloads.content_type is 'MIME type of the content.';
