set local role weft_owner;
drop function weft.create_month_partitions(date, int);
drop table weft.execution_logs, weft.execution_history, weft.task_attempts;
do $$
declare
  month regclass;
begin
  for month in
    select inhrelid::regclass from pg_inherits
    where inhparent = 'weft.audit_logs'::regclass and inhrelid <> 'weft.audit_logs_default'::regclass
  loop
    execute format('drop table %s', month);
  end loop;
end $$;
