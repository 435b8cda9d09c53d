set local role weft_views;
drop procedure ipa.refresh_workflow_execution_stats();
drop function ipa.write_user() cascade;
drop function ipa.write_agent() cascade;
drop function ipa.write_log() cascade;
do $$
declare
  name text;
begin
  foreach name in array array[
    'users', 'execution_logs', 'execution_steps', 'audit_logs', 'workflow_execution_stats', 'events'
  ] loop
    execute format('drop trigger refuse_write on ipa.%I', name);
  end loop;
end $$;
alter view ipa.users alter column is_active drop default;
alter view ipa.users alter column is_superuser drop default;
alter view ipa.agents alter column status drop default;
alter view ipa.agents alter column temperature drop default;
alter view ipa.agents alter column max_tokens drop default;
set local role weft_engine;
revoke execute on function weft.refresh_workflow_execution_stats() from weft_views;
