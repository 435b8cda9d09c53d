set local role weft_owner;
-- The sweeper goes over what is open in all tenants, in the order it was accepted, a page each time: without an index in
-- that order each page sorted all of it, a million executions that wait. What it replaces nobody reads.
create index workflow_executions_walk on weft.workflow_executions (created_at, id)
  where status in ('pending', 'running', 'paused');
drop index weft.workflow_executions_unconfirmed;
