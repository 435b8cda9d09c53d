-- Once per execution instead of once per tenant: what goes with an execution is then nobody else's.
set local role weft_owner;
alter table weft.payloads drop constraint payloads_tenant_id_hash_key;
alter table weft.payloads add constraint payloads_content unique (tenant_id, execution_id, hash);
drop index weft.payloads_execution;
comment on column weft.payloads.execution_id is 'Whose it is, and with which it goes. No foreign key: it may be here first.';
comment on column weft.payloads.hash is 'SHA-256 of the content: an execution holds the same value once.';
comment on column weft.payloads.content_type is
  'application/json: the value itself. application/x-protobuf: a temporal.api.common.v1.Payload, where it isn''t JSON.';

grant create on schema weft to weft_engine;
set local role weft_engine;
create function weft.cleanup_payloads(batch int default null, of_tenant text default null) returns bigint
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  deleted bigint;
begin
  -- A day, as what was just stored may be of an execution that isn't mirrored yet.
  with gone as materialized (
    select p.tenant_id, p.id from weft.payloads p
    where p.created_at < now() - interval '1 day' and p.tenant_id = coalesce(of_tenant, p.tenant_id) and not exists (
      select from weft.workflow_executions e where e.tenant_id = p.tenant_id and e.id = p.execution_id)
    limit batch for update skip locked
  ) delete from weft.payloads p using gone where p.tenant_id = gone.tenant_id and p.id = gone.id;
  get diagnostics deleted = row_count;
  return deleted;
end $$;
comment on function weft.cleanup_payloads(int, text) is
  'Removes payloads older than a day whose executions are archived or deleted; at most so many, of one tenant or of all. Returns how many.';
revoke execute on function weft.cleanup_payloads(int, text) from public;
set local role weft_owner;
revoke create on schema weft from weft_engine;
