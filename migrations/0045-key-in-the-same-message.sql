set local role weft_owner;
-- The API remembers whose key it was and says so with its first statement, instead of looking it up by a message of its own
-- before. Whether it is so still, that statement's message asks here, before anything else of it happens.
create policy lookup on weft.api_keys for select to weft_owner using (true);
create function weft.confirmed_role(key_hash bytea, key_version text) returns text
language plpgsql stable parallel restricted security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform from weft.api_keys k
  join weft.users u on u.tenant_id = k.tenant_id and u.id = k.user_id
  where k.hash = key_hash and concat(u.xmin, ' ', k.scopes) = key_version
    and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
    and u.is_active and u.deleted_at is null;
  if not found then
    raise exception 'this key is not what it was' using errcode = 'WF001';
  end if;
  return 'weft_app';
end $$;
comment on function weft.confirmed_role(bytea, text) is
  'The role of a request whose key is good and unchanged: key_version is what the API read with it. Raises WF001 otherwise.';
revoke execute on function weft.confirmed_role(bytea, text) from public;
grant execute on function weft.confirmed_role(bytea, text) to weft_engine;
