set local role weft_owner;
drop table weft.audit_logs, weft.leases, weft.idempotency_keys, weft.api_keys;
alter table weft.sql_logins drop constraint sql_logins_tenant_id_user_id_fkey;
drop table weft.users;
drop function weft.add_system_user(), weft.refuse_audit_change();
