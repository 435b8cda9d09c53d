set local role weft_owner;
-- Whoever accepts an execution over HTTP, or as a child, starts it at once itself, or says that it can't.
create or replace function weft.announce_starts() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  -- Commits that notify go one after the other: the mirror's own inserts must not.
  if exists (select from arrived where status = 'pending' and trigger not in ('api', 'parent')) then
    perform pg_notify('weft_starts', '');
  end if;
  return null;
end $$;
