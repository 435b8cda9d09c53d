-- As the login, which may be allowed more than the owner of the tables.
do $$
declare
  home text;
begin
  if exists (select from pg_available_extensions where name = 'vector' and installed_version is null) then
    create schema weft_vector authorization weft_owner;
    create extension vector schema weft_vector;
  end if;
  select extnamespace::regnamespace into home from pg_extension where extname = 'vector';
  if home is not null then
    execute format('grant usage on schema %s
      to weft_owner, weft_app, weft_engine, weft_readonly, weft_views, weft_search', home);
  end if;
exception when insufficient_privilege then
  raise warning 'the extension vector can''t be used: embeddings are compared one by one'
    using hint = 'Before this migration, as a superuser: create extension vector; grant its schema to weft_owner.';
end $$;
set local role weft_owner;

create table weft.databases (
  tenant_id text not null default weft.current_tenant(),
  id text not null default weft.new_id(),
  user_id text not null default coalesce(weft.current_user_id(), 'system'),
  name text not null constraint name_not_empty check (btrim(name) <> ''),
  connection_string text not null
    constraint connection_string_must_be_encrypted check (connection_string like 'enc:%'),
  database_type text not null check (database_type in ('postgresql', 'mysql', 'mssql', 'sqlite')),
  is_active boolean not null default true,
  last_sync_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, user_id) references weft.users (tenant_id, id) on delete restrict
);
comment on table weft.databases is 'People''s own databases, which questions are asked of.';
comment on column weft.databases.connection_string is 'enc: and what only the service can read that uses it.';
comment on column weft.databases.last_sync_at is 'When its schemas and tables were last read.';
create index databases_user on weft.databases (tenant_id, user_id, created_at desc);
create index databases_active on weft.databases (tenant_id, is_active, name) where is_active;

create table weft.schemas (
  tenant_id text not null default weft.current_tenant(),
  id text not null default weft.new_id(),
  database_id text not null,
  schema_name text not null,
  description text,
  is_enhanced boolean not null default false,
  enhanced_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, database_id, schema_name),
  foreign key (tenant_id, database_id) references weft.databases (tenant_id, id) on delete cascade
);
comment on table weft.schemas is 'The schemas found in a database.';
comment on column weft.schemas.is_enhanced is 'Its description was bettered, by a model or by hand.';

create table weft.tables (
  tenant_id text not null default weft.current_tenant(),
  id text not null default weft.new_id(),
  schema_id text not null,
  table_name text not null,
  description text,
  row_count bigint check (row_count >= 0),
  columns jsonb not null default '{}',
  indexes jsonb,
  foreign_keys jsonb,
  sample_data jsonb,
  last_analyzed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, schema_id) references weft.schemas (tenant_id, id) on delete cascade
);
comment on table weft.tables is 'The tables found in a schema, with what helps to write SQL for them.';
comment on column weft.tables.row_count is 'An estimate of last_analyzed_at.';
comment on column weft.tables.columns is 'Usually an array of the columns'' definitions.';
comment on column weft.tables.sample_data is 'Some rows, as they may be shown to a model.';
create index tables_schema on weft.tables (tenant_id, schema_id, table_name);
create index tables_table_name on weft.tables (tenant_id, table_name);
create index tables_columns on weft.tables using gin (columns);

create table weft.sql_queries (
  tenant_id text not null default weft.current_tenant(),
  id text not null default weft.new_id(),
  user_id text not null default coalesce(weft.current_user_id(), 'system'),
  database_id text not null,
  natural_language text not null,
  generated_sql text not null,
  validation_result jsonb,
  is_safe boolean not null,
  executed boolean not null default false,
  result_rows int check (result_rows >= 0),
  execution_time_ms bigint check (execution_time_ms >= 0),
  executed_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, user_id) references weft.users (tenant_id, id) on delete restrict,
  foreign key (tenant_id, database_id) references weft.databases (tenant_id, id) on delete cascade
);
comment on table weft.sql_queries is 'Questions, and the SQL that was made of them.';
comment on column weft.sql_queries.natural_language is 'The question as it was asked.';
comment on column weft.sql_queries.is_safe is 'Its validation found that it only reads.';
comment on column weft.sql_queries.result_rows is 'How many rows it gave.';
create index sql_queries_user on weft.sql_queries (tenant_id, user_id, created_at desc);
create index sql_queries_database on weft.sql_queries (tenant_id, database_id, created_at desc);
create index sql_queries_is_safe on weft.sql_queries (tenant_id, is_safe, created_at desc);
create index sql_queries_created_at on weft.sql_queries (tenant_id, created_at desc, id desc);

create table weft.documents (
  tenant_id text not null default weft.current_tenant(),
  id text not null default weft.new_id(),
  user_id text not null default coalesce(weft.current_user_id(), 'system'),
  title text not null constraint title_not_empty check (btrim(title) <> ''),
  content text not null,
  content_type text not null check (content_type in (
    'text/plain', 'text/markdown', 'application/pdf', 'application/msword', 'text/html'
  )),
  file_path text,
  file_size bigint check (file_size >= 0),
  metadata jsonb not null default '{}',
  status text not null default 'uploaded' check (status in ('uploaded', 'processing', 'indexed', 'failed')),
  chunk_count int not null default 0 check (chunk_count >= 0),
  indexed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, user_id) references weft.users (tenant_id, id) on delete restrict
);
comment on table weft.documents is 'Documents of the knowledge base.';
comment on column weft.documents.content is 'The text alone, whatever content_type says the file was.';
comment on column weft.documents.file_size is 'In bytes.';
comment on column weft.documents.status is 'uploaded, processing (cut and embedded), indexed (searchable) or failed.';
create index documents_user on weft.documents (tenant_id, user_id, created_at desc);
create index documents_status on weft.documents (tenant_id, status, created_at desc);
create index documents_created_at on weft.documents (tenant_id, created_at desc, id desc);
create index documents_metadata on weft.documents using gin (metadata);

create table weft.document_chunks (
  tenant_id text not null default weft.current_tenant(),
  id text not null default weft.new_id(),
  document_id text not null,
  chunk_index int not null check (chunk_index >= 0),
  content text not null,
  content_length int not null check (content_length >= 0),
  embedding real[],
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, document_id, chunk_index),
  foreign key (tenant_id, document_id) references weft.documents (tenant_id, id) on delete cascade
);
comment on table weft.document_chunks is 'Documents, cut into pieces that a model can take in.';
comment on column weft.document_chunks.chunk_index is 'From 0, in the document''s order.';
comment on column weft.document_chunks.content_length is 'In characters.';
comment on column weft.document_chunks.embedding is
  '1536 numbers; of type vector where the extension was there when the table was made.';
do $$
declare
  home text := (select extnamespace::regnamespace from pg_extension
    where extname = 'vector' and has_schema_privilege(extnamespace, 'usage'));
begin
  if home is null then
    alter table weft.document_chunks add constraint embedding_has_1536_numbers check (
      array_ndims(embedding) = 1 and cardinality(embedding) = 1536 and array_position(embedding, null) is null
    );
  else
    execute format('alter table weft.document_chunks alter column embedding type %s.vector(1536)', home);
    execute format('create index document_chunks_embedding on weft.document_chunks
      using ivfflat (embedding %s.vector_cosine_ops) with (lists = 100)', home);
  end if;
end $$;

create function weft.cosine_distance(a real[], b real[]) returns double precision
language plpgsql immutable strict parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  if cardinality(a) <> cardinality(b) then
    raise exception 'an embedding of % numbers can''t be compared with one of %', cardinality(a), cardinality(b)
      using errcode = 'data_exception', hint = 'Both must come from the same model.';
  end if;
  return (
    select 1 - sum(x::float8 * y) / nullif(sqrt(sum(x::float8 * x)) * sqrt(sum(y::float8 * y)), 0)
    from unnest(a, b) as pair (x, y)
  );
end $$;
comment on function weft.cosine_distance(real[], real[]) is
  'From 0, the same direction, to 2, the opposite; null when one has no direction.';
grant execute on function weft.cosine_distance(real[], real[])
  to weft_app, weft_engine, weft_readonly, weft_views, weft_search;

create index workflows_tags on weft.workflows using gin (tags);
create index workflows_metadata on weft.workflows using gin (metadata);
do $$
declare
  name text;
  spot text[];
begin
  -- A tsvector holds 1 MB at most: what is longer is found by its beginning.
  foreach spot slice 1 in array array[
    ['workflows', 'title'], ['agents', 'name'], ['agents', 'description'], ['personas', 'name'],
    ['personas', 'description'], ['tables', 'description'], ['sql_queries', 'natural_language'],
    ['documents', 'title'], ['documents', 'content']
  ] loop
    execute format('create index %1$s_%2$s_text on weft.%1$I using gin
      (to_tsvector(''english'', left(%2$I, 250000)), to_tsvector(''simple'', left(%2$I, 250000)))', spot[1], spot[2]);
  end loop;
  foreach name in array array['databases', 'schemas', 'tables', 'documents'] loop
    execute format('create trigger %I before update on weft.%I
      for each row execute function weft.update_updated_at_column()', 'update_' || name || '_updated_at', name);
  end loop;
  foreach name in array array['databases', 'schemas', 'tables', 'sql_queries', 'documents', 'document_chunks'] loop
    call weft.isolate_tenants(format('weft.%I', name)::regclass);
    execute format('grant select on weft.%1$I to weft_readonly; grant select, insert, update on weft.%1$I to weft_app;
      grant select, insert, update, delete on weft.%1$I to weft_engine, weft_views', name);
  end loop;
end $$;
grant delete on weft.databases, weft.schemas, weft.tables, weft.documents, weft.document_chunks to weft_app;
revoke select on weft.databases from weft_readonly;
grant select (tenant_id, id, user_id, name, database_type, is_active, last_sync_at, created_at, updated_at)
  on weft.databases to weft_readonly;

-- What the views of the documents show of older tables.
grant select on weft.audit_logs to weft_views;
grant select (tenant_id, id, email, username, name, roles, permissions, groups, is_active, email_verified,
  last_login_at, created_at, updated_at, deleted_at) on weft.users to weft_views;
