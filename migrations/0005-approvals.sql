set local role weft_owner;

create table weft.approvals (
  tenant_id text not null default weft.current_tenant(),
  id text not null default weft.new_id(),
  execution_id text not null,
  path text not null,
  round int not null default 1 check (round > 0),
  title text not null,
  description text,
  status text not null default 'open' check (status in ('open', 'approved', 'rejected', 'expired', 'cancelled')),
  quorum_kind text not null default 'count' check (quorum_kind in ('count', 'all', 'majority')),
  quorum int not null default 1 check (quorum >= 0),
  self_approval boolean not null default false,
  -- json and not jsonb: people see the fields in the order they were written in.
  form json,
  on_timeout text not null default 'fail' check (on_timeout in ('fail', 'approve', 'reject', 'escalate')),
  on_reject text not null default 'fail' check (on_reject in ('fail', 'continue')),
  deadline timestamptz,
  next_reminder_at timestamptz,
  claimed_by text,
  claimed_at timestamptz,
  -- Who may vote since it was escalated.
  escalated_to jsonb,
  decision_data jsonb,
  decided_by text,
  decided_at timestamptz,
  comment text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  epoch int not null default 0,
  authority smallint not null default 0 check (authority between 0 and 2),
  ord bigint not null default 0,
  attempt int not null default 0,
  state_rank smallint not null default 0,
  confirmed boolean not null generated always as (authority = 2) stored,
  mirrored_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, execution_id, path, round),
  foreign key (tenant_id, execution_id) references weft.workflow_executions (tenant_id, id) on delete cascade
);
create index approvals_status on weft.approvals (tenant_id, status, created_at desc, id desc);
call weft.isolate_tenants('weft.approvals');
grant select on weft.approvals to weft_app;
grant select, insert, update, delete on weft.approvals to weft_engine;
grant select on weft.approvals to weft_readonly, weft_views;

create table weft.approval_candidates (
  tenant_id text not null default weft.current_tenant(),
  approval_id text not null,
  kind text not null check (kind in ('user', 'group')),
  principal text not null,
  primary key (tenant_id, approval_id, kind, principal),
  foreign key (tenant_id, approval_id) references weft.approvals (tenant_id, id) on delete cascade
);
create index approval_candidates_principal on weft.approval_candidates (tenant_id, kind, principal, approval_id);
call weft.isolate_tenants('weft.approval_candidates');
grant select on weft.approval_candidates to weft_app;
grant select, insert, update, delete on weft.approval_candidates to weft_engine;
grant select on weft.approval_candidates to weft_readonly, weft_views;

create table weft.approval_links (
  tenant_id text not null default weft.current_tenant(),
  token_hash bytea not null check (octet_length(token_hash) = 32),
  approval_id text not null,
  user_id text not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (tenant_id, token_hash),
  foreign key (tenant_id, approval_id) references weft.approvals (tenant_id, id) on delete cascade,
  foreign key (tenant_id, user_id) references weft.users (tenant_id, id) on delete restrict
);
create index approval_links_approval on weft.approval_links (tenant_id, approval_id);
-- Whose tenant it is, only the link tells.
create index approval_links_token on weft.approval_links (token_hash);
call weft.isolate_tenants('weft.approval_links');
grant select, insert, update on weft.approval_links to weft_app;
grant select, insert, update, delete on weft.approval_links to weft_engine;
grant select (tenant_id, approval_id, user_id, expires_at, used_at) on weft.approval_links to weft_readonly;

create table weft.approval_votes (
  tenant_id text not null default weft.current_tenant(),
  approval_id text not null,
  voter_id text not null,
  decision text not null check (decision in ('approve', 'reject')),
  on_behalf_of text,
  comment text,
  data jsonb,
  channel text not null default 'api' check (channel in ('api', 'cli', 'link', 'sql', 'console')),
  ip inet,
  created_at timestamptz not null default now(),
  primary key (tenant_id, approval_id, voter_id),
  foreign key (tenant_id, approval_id) references weft.approvals (tenant_id, id) on delete cascade
);
call weft.isolate_tenants('weft.approval_votes');
grant select on weft.approval_votes to weft_app;
grant select, insert, update, delete on weft.approval_votes to weft_engine;
grant select on weft.approval_votes to weft_readonly, weft_views;
