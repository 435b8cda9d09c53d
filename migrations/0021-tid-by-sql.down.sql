set local role weft_views;
drop function agent_db.create_next_month_partition();
drop function agent_db.write_user(), agent_db.write_agent(), agent_db.write_execution(), agent_db.write_log() cascade;
