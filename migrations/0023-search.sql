-- Searching. @@ and @> aren't leakproof: under row-level security they use no index. So these functions' owner sees all
-- tenants, each function names the session's own, and what it finds it shows through the views, which hold to it once more.
do $$
begin
  if not pg_has_role('weft_migrator', 'weft_search', 'member') then
    grant weft_search to weft_migrator;
  end if;
  if not pg_has_role(current_user, 'weft_search',
    case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end) then
    execute format('grant weft_search to %I', current_user);
  end if;
exception when unique_violation then null;
end $$;

set local role weft_owner;
create index workflows_description_text on weft.workflows using gin
  (to_tsvector('english', left(description, 250000)), to_tsvector('simple', left(description, 250000)));
do $$
declare
  name text;
begin
  foreach name in array array[
    'agents', 'agent_executions', 'personas', 'tables', 'sql_queries', 'documents', 'document_chunks', 'workflows'
  ] loop
    execute format('create policy lookup on weft.%I for select to weft_search using (true)', name);
    execute format('grant select on weft.%I to weft_search', name);
  end loop;
end $$;

set local role weft_views;
-- To make functions there, for as long as this takes.
grant usage, create on schema agent_db, persona_db, sql_db, knowledge_db, workflow_db to weft_search;
grant select on agent_db.agents, agent_db.executions, persona_db.personas, sql_db.tables, sql_db.sql_queries,
  knowledge_db.documents, knowledge_db.document_chunks, workflow_db.workflows to weft_search;

set local role weft_search;
do $$
declare
  spot text[];
  found text;
begin
  foreach spot slice 1 in array array[
    ['agent_db', 'search_agents', 'agents', 'agents', 'name', 'description', 'and v.deleted_at is null'],
    ['persona_db', 'search_personas', 'personas', 'personas', 'name', 'description', 'and v.deleted_at is null'],
    ['sql_db', 'search_tables', 'tables', 'tables', 'description', null, ''],
    ['sql_db', 'search_queries', 'sql_queries', 'sql_queries', 'natural_language', null, ''],
    ['knowledge_db', 'search_documents', 'documents', 'documents', 'title', 'content', 'and v.deleted_at is null'],
    ['workflow_db', 'search_workflows', 'workflows', 'workflows', 'title', 'description', 'and v.deleted_at is null']
  ] loop
    select string_agg(format('to_tsvector(%1$L, left(t.%2$I, 250000)) @@ websearch_to_tsquery(%1$L, query)', language, word), ' or ')
      into found
      from unnest(spot[5:6]) word cross join (values ('english'), ('simple')) l (language) where word is not null;
    execute format($sql$
      create function %1$I.%2$I(query text) returns setof %1$I.%3$I
      language sql stable security definer
      set search_path = pg_catalog, pg_temp
      begin atomic
        select v.* from weft.%4$I t join %1$I.%3$I v on v.id = t.id
        where t.tenant_id = (select weft.current_tenant()) and (%5$s) %6$s
        order by ts_rank(to_tsvector('english', left(concat_ws(' ', %7$s), 250000)), websearch_to_tsquery('english', query)) desc, v.id;
      end $sql$, spot[1], spot[2], spot[3], spot[4], found, spot[7],
      (select string_agg(format('t.%I', word), ', ') from unnest(spot[5:6]) word where word is not null));
    execute format('comment on function %I.%I(text) is %L', spot[1], spot[2], 'What ' || spot[3]
      || ' have these words (as a web search: "a phrase", or, -not), the best first; in English also by their stems.');
  end loop;
end $$;

create function agent_db.executions_with_input(part jsonb) returns setof agent_db.executions
language sql stable security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select v.* from weft.agent_executions t join agent_db.executions v on v.id = t.id
  where t.tenant_id = (select weft.current_tenant()) and t.input @> part
  order by v.created_at desc, v.id;
end;
comment on function agent_db.executions_with_input(jsonb) is 'Executions whose input holds this, the newest first.';

create function workflow_db.workflows_with_tag(tag text) returns setof workflow_db.workflows
language sql stable security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select v.* from weft.workflows t join workflow_db.workflows v on v.id = t.id
  where t.tenant_id = (select weft.current_tenant()) and t.tags @> array[tag] and v.deleted_at is null
  order by v.created_at desc, v.id;
end;
comment on function workflow_db.workflows_with_tag(text) is 'Workflows that have the tag, the newest first.';

do $$
declare
  home text := (select extnamespace::regnamespace from pg_extension where extname = 'vector');
begin
  execute format($sql$
    create function knowledge_db.search_chunks(embedding real[], k int default 5) returns setof knowledge_db.document_chunks
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    begin atomic
      select v.* from (
        select t.id, %s as distance from weft.document_chunks t
        where t.tenant_id = (select weft.current_tenant()) and t.embedding is not null and exists (
          select from weft.documents d where d.tenant_id = t.tenant_id and d.id = t.document_id and d.deleted_at is null
        )
        order by distance limit k
      ) near join knowledge_db.document_chunks v on v.id = near.id
      order by near.distance, v.id;
    end $sql$, case when home is null then 'weft.cosine_distance(t.embedding, search_chunks.embedding)'
      else format('t.embedding operator(%1$s.<=>) search_chunks.embedding::%1$s.vector', home) end);
end $$;
comment on function knowledge_db.search_chunks(real[], int) is
  'The k chunks nearest by cosine: compared one by one, or, with the extension vector, those in the lists that ivfflat.probes says.';

do $$
declare
  spot record;
begin
  for spot in
    select p.oid::regprocedure as function, replace(p.pronamespace::regnamespace::text, '_db', '_service') as service
    from pg_proc p where p.proowner = 'weft_search'::regrole and p.pronamespace::regnamespace::text like '%\_db'
  loop
    execute format('revoke execute on function %s from public', spot.function);
    execute format('grant execute on function %s to %I, weft_app, weft_readonly, weft_sql', spot.function, spot.service);
  end loop;
end $$;

set local role weft_views;
revoke create on schema agent_db, persona_db, sql_db, knowledge_db, workflow_db from weft_search;
