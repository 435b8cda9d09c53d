set local role weft_owner;
-- Of a table that was never analyzed PostgreSQL takes each value for a rare one: any index that begins with the tenant then
-- seems to find an execution as well as its key does, and a lookup reads all of the tenant's executions. Of one that was
-- analyzed when it had a page it thinks that reading all of it is best. Autovacuum comes within a minute, in which thousands
-- may start, and to the parents of the months' tables never.
create function weft.analyze_grown_tables() returns text[]
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  -- As long as a table has less, it doesn't matter how it is read.
  pages constant int := 16;
  analyzed text[] := '{}';
  grown name;
begin
  for grown in
    with tables as (
      select c.*, pg_relation_size(c.oid) / current_setting('block_size')::int as now from pg_class c
      where c.relnamespace = 'weft'::regnamespace and c.relowner = 'weft_owner'::regrole and c.relkind in ('r', 'p')
    )
    select t.relname from tables t where case t.relkind
      when 'r' then t.now > greatest(pages, 4 * t.relpages)
      else t.reltuples < 0 and exists (
        select from pg_inherits join tables child on child.oid = inhrelid where inhparent = t.oid and child.now > pages)
      end
    order by t.relname
  loop
    -- What somebody else does to it at this moment may be just this.
    execute format('analyze (skip_locked) weft.%I', grown);
    analyzed := analyzed || grown::text;
  end loop;
  return analyzed;
end $$;
comment on function weft.analyze_grown_tables() is
  'Analyzes tables that are four times as large as when they last were, so that lookups in a new database use their keys; answers their names. The API calls it every few seconds.';
grant execute on function weft.analyze_grown_tables() to weft_engine;
