set local role weft_views;
drop function agent_db.create_next_month_partition();
drop function agent_db.write_user(), agent_db.write_agent(), agent_db.write_execution(), agent_db.write_log(),
  code_db.write_execution(), code_db.refuse_write(), sql_db.write_database() cascade;
