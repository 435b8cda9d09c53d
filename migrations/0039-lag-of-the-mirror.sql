-- How far the mirror may be behind Temporal is asked all the time: it must not read all that is open.
create index workflow_executions_told on weft.workflow_executions (end_time)
  where authority < 2 and status in ('success', 'failed', 'cancelled', 'timeout');
alter table weft.leases add column done_at timestamptz;
comment on column weft.leases.done_at is 'When a holder last did all that was to be done; null until one has.';
