-- How far the mirror may be behind Temporal is asked all the time: it must not read all that is open.
create index workflow_executions_told on weft.workflow_executions (end_time)
  where authority < 2 and status in ('success', 'failed', 'cancelled', 'timeout');
alter table weft.leases add column done_at timestamptz;
comment on column weft.leases.done_at is 'When a holder last did all that was to be done; null until one has.';
-- What comes in after an end that was folded is closed later, also by a process that hasn't seen that end.
alter table weft.mirror_cursors add column folded boolean;
comment on column weft.mirror_cursors.folded is
  'Whether its end was folded from whole histories; false: from a part of them; null: it was told, and agreed.';
