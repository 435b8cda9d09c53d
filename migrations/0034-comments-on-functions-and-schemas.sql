-- Of the functions and schemas, those that don't say it yet.
set local role weft_owner;
comment on schema weft is 'The core: every fact once. The documents'' schemas show it in their own words.';
do $$
begin
  if to_regnamespace('weft_vector') is not null then
    comment on schema weft_vector is 'The extension vector, where it wasn''t there before.';
  end if;
end $$;
comment on function weft.add_system_user() is 'Trigger: a tenant has the user system as soon as it has anybody.';
comment on function weft.refuse_audit_change() is 'Trigger: entries of the audit log are sealed once and else never change.';
comment on function weft.refuse_change_of_published() is 'Trigger: published versions never change.';
comment on function weft.announce_starts() is 'Trigger: wakes the starter (channel weft_starts) once there is a pending execution.';
comment on function weft.announce_commands() is 'Trigger: wakes who passes orders on (channel weft_commands).';

set local role weft_views;
comment on function weft_sql.refuse(text, text) is 'Raises feature_not_supported, with advice as its hint.';
comment on function weft_sql.need(anyelement, text) is 'Refuses null, with the column''s name.';
comment on function weft_sql.tenant() is 'Tenant of this session; refuses a session that has none.';
comment on function weft_sql.need_admin() is 'Refuses whoever is neither a service''s login nor an admin.';
comment on function weft_sql.audit(text, text, text, jsonb) is 'Writes who did what, in the transaction of what was done.';
comment on function weft_sql.lock_workflow(text, text, text, text) is
  'The workflow of an id or a name, locked: made where there is none of that name, revived where it was deleted.';
comment on function weft_sql.make_current(text, text) is 'From now on this published version is the one that starts.';
comment on function weft_sql.describe_workflow_of(text, text, text, text[]) is 'Sets what a version''s workflow says of itself; null leaves it.';
comment on function weft_sql.begin_as(text, text) is 'Refuses an insert that gives another status than the first.';
comment on function weft_sql.order_vote() is 'Trigger: hands a vote that is inserted to the workflow, which counts it.';
comment on function weft_sql.refuse_write() is 'Trigger: refuses, with its argument as the hint.';

comment on function engine.execution_status_of(text, text) is 'An execution''s status in the document''s words.';
comment on function engine.task_status_of(text) is 'A task''s status in the document''s words.';
comment on function engine.refuse_write() is 'Trigger: the engine writes it, from what executions really do.';
comment on function engine.write_definition() is 'Trigger: saves, publishes, switches off and deletes versions.';
comment on function engine.write_execution() is 'Trigger: starts executions, orders what becomes of them and deletes ended ones.';

comment on function stratix.instance_status_of(text) is 'An execution''s status in the document''s words.';
comment on function stratix.task_status_of(text) is 'A task''s status in the document''s words.';
comment on function stratix.task_type_of(text) is 'A task''s type in the document''s words.';
comment on function stratix.write_definition() is 'Trigger: saves, switches on and off, and deletes versions.';
comment on function stratix.write_instance() is 'Trigger: starts executions, orders what becomes of them and deletes ended ones.';
comment on function stratix.refuse_write() is 'Trigger: refuses, with its argument as the hint.';

comment on function ipa.own_workflows() is 'Ids of the workflows of ipa.own_user().';
comment on function ipa.audit_action_of(text) is 'An entry''s action in the document''s words.';
comment on function ipa.add_workflow(text, text, text) is
  'Adds a workflow, named by its title as far as that can be, with a number behind it where that name is taken.';
comment on function ipa.write_workflow() is 'Trigger: adds, changes, publishes and deletes workflows.';
comment on function ipa.write_version() is 'Trigger: saves versions, changes drafts, and deletes versions of which nothing ran.';
comment on function ipa.write_execution() is 'Trigger: starts executions, orders what becomes of them and deletes ended ones.';
comment on function ipa.write_user() is 'Trigger: adds and changes users, as far as the session may.';
comment on function ipa.write_agent() is 'Trigger: adds, changes and deletes agents.';
comment on function ipa.write_log() is 'Trigger: adds lines to the log of an execution.';

comment on function gaia.log_status_of(text) is 'An execution''s status in the document''s words.';
comment on function gaia.json_of(text, text) is 'Text as JSON; refuses what is none, with the column''s name.';
comment on function gaia.flag_of(smallint, text) is '0 or 1 as a boolean; refuses all else, with the column''s name.';
comment on function gaia.template_of(text) is 'Id of the template of a code; refuses a code that there is not.';
comment on function gaia.write_template() is 'Trigger: adds, changes and deletes templates.';
comment on function gaia.write_workflow() is 'Trigger: adds, changes and deletes workflows, and chooses their version.';
comment on function gaia.write_version() is 'Trigger: saves versions, and makes one the current one.';
comment on function gaia.write_log() is 'Trigger: starts executions and cancels them.';

comment on function agent_db.agent_status_of(text) is 'An agent''s status in the document''s words.';
comment on function agent_db.execution_status_of(text) is 'The status of an agent''s run in the document''s words.';
comment on function agent_db.log_level_of(text) is 'A line''s level in the document''s words.';
comment on function agent_db.write_user() is 'Trigger: adds and changes users, as far as the session may.';
comment on function agent_db.write_agent() is 'Trigger: adds and changes agents, and deletes them with their runs.';
comment on function agent_db.write_execution() is 'Trigger: records runs of agents; those of workflows the engine writes.';
comment on function agent_db.write_log() is 'Trigger: adds lines to the log of an agent''s run.';
comment on function code_db.execution_status_of(text) is 'The status of a run of code in the document''s words.';
comment on function code_db.write_execution() is 'Trigger: records runs of code.';
comment on function code_db.refuse_write() is 'Trigger: outputs come and go with their execution.';
comment on function sql_db.write_database() is 'Trigger: adds and changes databases; connection strings come encrypted alone.';

comment on function workflow_db.execution_status_of(text) is 'An execution''s status in the document''s words.';
comment on function workflow_db.node_status_of(text) is 'The status of a node''s task in the document''s words.';
comment on function workflow_db.nodes_of(jsonb, jsonb) is 'A version''s nodes: as they were drawn, else its tasks, one below the other.';
comment on function workflow_db.edges_of(jsonb, jsonb) is 'A version''s edges: as they were drawn, else what its tasks wait for.';
comment on function workflow_db.insert_workflow(workflow_db.workflows) is 'Adds a workflow with its first version.';
comment on function workflow_db.update_workflow(workflow_db.workflows, workflow_db.workflows) is
  'Changes a workflow; a changed graph makes a draft.';
comment on function workflow_db.write_workflow() is 'Trigger: adds, changes, publishes and deletes workflows.';
comment on function workflow_db.write_execution() is 'Trigger: starts executions, orders what becomes of them and deletes ended ones.';
comment on function workflow_db.refuse_write() is 'Trigger: nodes and edges are written in workflow_db.workflows.';
