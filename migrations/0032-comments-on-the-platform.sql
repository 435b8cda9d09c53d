-- The same for agents, documents, schedules, events and statistics; then what many tables have in common, one text each.
set local role weft_owner;

comment on column weft.personas.name is 'For people; not unique.';
comment on column weft.personas.template is 'Scriban; variables says what it wants filled in.';
comment on column weft.personas.usage_count is 'Kept by the programs that use it.';
comment on column weft.personas.rating is '0 to 9.99, usually out of 5; null: nobody has rated it.';

comment on column weft.persona_templates.name is 'Unique.';
comment on column weft.persona_templates.template is 'Scriban, as a persona''s.';
comment on column weft.persona_templates.variables is 'JSON Schema, as a persona''s.';

comment on column weft.persona_validations.validator is 'gpt4_judge (a model''s opinion), template_syntax or variable_schema.';
comment on column weft.persona_validations.validation_result is 'What the validator said, in its own form.';
comment on column weft.persona_validations.is_valid is 'Whether this validator lets it pass.';
comment on column weft.persona_validations.issues is 'One text for each thing found; null or empty: nothing.';
comment on column weft.persona_validations.validated_at is 'The newest of a validator counts.';

comment on column weft.agents.persona_id is 'Null: none, or it is gone; required through agent_db.';
comment on column weft.agents.name is 'For people; not unique.';
comment on column weft.agents.system_prompt is 'In place of the persona''s; null: the persona''s.';
comment on column weft.agents.model_name is 'As the provider calls it; null: what its type takes by default.';
comment on column weft.agents.version is 'Counted by the programs that change it, from 1.';

comment on column weft.agent_plugins.name is 'For people; not unique.';
comment on column weft.agent_plugins.plugin_type is 'code_executor, text_to_sql, knowledge_rag, web_search or file_upload.';
comment on column weft.agent_plugins.config is 'By plugin_type.';

comment on column weft.agent_tools.tool_name is 'What the model calls it by: unique in its agent.';
comment on column weft.agent_tools.tool_type is 'Such as function, api or plugin; any word.';
comment on column weft.agent_tools.configuration is 'By tool_type.';

comment on column weft.agent_executions.user_id is 'Whom it runs for.';
comment on column weft.agent_executions.workflow_id is 'The workflow whose task it is; null: it runs by itself. No foreign key.';
comment on column weft.agent_executions.workflow_execution_id is 'The execution whose task it is; null: it runs by itself. No foreign key.';
comment on column weft.agent_executions.status is 'pending, running, success, failed, cancelled or timeout.';
comment on column weft.agent_executions.input is 'In the form its agent wants.';
comment on column weft.agent_executions.output is 'Null until it has succeeded.';
comment on column weft.agent_executions.error is 'Null: none.';
comment on column weft.agent_executions.tokens_used is 'Prompt and answer together; null: not counted.';
comment on column weft.agent_executions.retry_count is 'Attempts after the first.';
comment on column weft.agent_executions.max_retries is 'How many attempts may follow the first.';

comment on column weft.code_executions.user_id is 'Whom it runs for.';
comment on column weft.code_executions.agent_id is 'The agent that wrote the code; null: none. No foreign key.';
comment on column weft.code_executions.workflow_execution_id is 'The execution whose task it is; null: it runs by itself. No foreign key.';
comment on column weft.code_executions.language is 'python, javascript or typescript.';
comment on column weft.code_executions.code is 'All of it, as it ran.';
comment on column weft.code_executions.status is 'pending, running, success, failed, cancelled or timeout.';
comment on column weft.code_executions.container_id is 'As the container runtime calls it; null until it has one.';
comment on column weft.code_executions.container_ip is 'While it ran; null: it had no network.';
comment on column weft.code_executions.stdout is 'Null until it has ended.';
comment on column weft.code_executions.stderr is 'Null until it has ended.';
comment on column weft.code_executions.exit_code is '0 is well; null: it has not ended by itself.';
comment on column weft.code_executions.memory_used_mb is 'At most; null: not measured.';
comment on column weft.code_executions.security_issues is 'One text for each thing found; null or empty: nothing.';

comment on column weft.databases.name is 'For people; not unique.';
comment on column weft.databases.database_type is 'postgresql, mysql, mssql or sqlite.';
comment on column weft.databases.is_active is 'False: no questions are asked of it.';

comment on column weft.schemas.schema_name is 'As the database calls it.';
comment on column weft.schemas.description is 'What it is about, to write SQL by; null: nobody said.';
comment on column weft.schemas.enhanced_at is 'When its description was bettered; null: never.';

comment on column weft.tables.table_name is 'As the database calls it, without the schema.';
comment on column weft.tables.description is 'What it is about, to write SQL by; null: nobody said.';
comment on column weft.tables.indexes is 'As they were found; null: not looked for.';
comment on column weft.tables.foreign_keys is 'As they were found; null: not looked for.';
comment on column weft.tables.last_analyzed_at is 'When the database was last asked about it; null: never.';

comment on column weft.sql_queries.user_id is 'Who asked.';
comment on column weft.sql_queries.generated_sql is 'In the words of its database''s type.';
comment on column weft.sql_queries.validation_result is 'What the validation found; null: nothing to say.';
comment on column weft.sql_queries.executed is 'Whether it was sent to the database.';
comment on column weft.sql_queries.execution_time_ms is 'In the database; null: not executed.';
comment on column weft.sql_queries.executed_at is 'Null: not executed.';

comment on column weft.documents.title is 'For people; not unique.';
comment on column weft.documents.content_type is
  'Of the file: text/plain, text/markdown, text/html, application/pdf or application/msword.';
comment on column weft.documents.file_path is 'Where the file is kept; null: there was none.';
comment on column weft.documents.chunk_count is 'How many document_chunks it was cut into; 0 until it is.';
comment on column weft.documents.indexed_at is 'When it became searchable; null: it is not.';

comment on column weft.document_chunks.content is 'Pieces may overlap.';

comment on column weft.workflow_templates.name is 'For people; not unique.';
comment on column weft.workflow_templates.body is 'A definition of any dialect, with placeholders.';

comment on column weft.workflow_schedules.name is 'Unique in the tenant.';
comment on column weft.workflow_schedules.trigger_type is 'cron, interval, event or manual: says which of the next columns counts.';
comment on column weft.workflow_schedules.cron is 'Five fields; null unless trigger_type is cron.';
comment on column weft.workflow_schedules.interval_ms is 'Null unless trigger_type is interval.';
comment on column weft.workflow_schedules.event_name is 'Null unless trigger_type is event.';
comment on column weft.workflow_schedules.input is 'Of every execution it starts.';
comment on column weft.workflow_schedules.is_active is 'False: it starts nothing.';
comment on column weft.workflow_schedules.start_at is 'It starts nothing before; null: from now on.';
comment on column weft.workflow_schedules.end_at is 'It starts nothing after; null: for ever.';
comment on column weft.workflow_schedules.next_run_at is 'Null: not known, or never again.';
comment on column weft.workflow_schedules.last_run_at is 'Null: it has started nothing yet.';
comment on column weft.workflow_schedules.temporal_schedule_id is 'Of the Schedule in Temporal that does the work.';

comment on column weft.events.name is 'What happened, such as order.paid: waits and event schedules name it.';
comment on column weft.events.data is 'The sender''s own.';
comment on column weft.events.status is 'received (nobody has got it yet), delivered (to one at least) or expired.';
comment on column weft.events.created_by is 'Id of the user who sent it; system for a service. No foreign key.';

comment on column weft.event_deliveries.execution_id is 'No foreign key: it stays true when the execution is archived.';
comment on column weft.event_deliveries.at is 'When the execution got it.';

comment on column weft.event_waits.path is 'Of the task that waits.';
comment on column weft.event_waits.name is 'Only events of this name.';
comment on column weft.event_waits.taken is 'How many of count have come.';
comment on column weft.event_waits.expires_at is 'From then on it waits no more; null: for ever.';

comment on column weft.workflow_snapshots.snapshot is 'In the editor''s own form: see format.';

comment on column weft.audit_checkpoints.partition is 'The month that went: the name its table had.';
comment on column weft.audit_checkpoints.first_chain_no is 'Of the entries that went.';
comment on column weft.audit_checkpoints.last_chain_no is 'Of the entries that went; the first that stays has the next.';

comment on column weft.payloads.content is 'As it would stand in the history.';
comment on column weft.payloads.content_type is 'MIME type of the content.';
comment on column weft.payloads.size is 'In bytes.';

comment on column weft.settings.name is
  'long_running_minutes, failure_rate, failure_minimum and resource_factor, which are numbers above 0; or another.';
comment on column weft.settings.value is 'By name; without a row the default holds.';

comment on column weft.execution_statistics.stat_date is 'In UTC.';
comment on column weft.execution_statistics.total is 'All that were accepted, ended or not.';
comment on column weft.execution_statistics.successful is 'As of now: it grows until all have ended.';
comment on column weft.execution_statistics.cancelled is 'As of now: it grows until all have ended.';
comment on column weft.execution_statistics.timed_out is 'Of failed.';
comment on column weft.execution_statistics.sum_duration_ms is 'Of finished.';
comment on column weft.execution_statistics.avg_duration_ms is 'Of finished; null where that is 0.';

comment on column weft.performance_metrics.entity_type is 'workflow, task or executor.';
comment on column weft.performance_metrics.granularity is 'hour or day.';
comment on column weft.performance_metrics.bucket is 'When the hour or the day (UTC) begins.';
comment on column weft.performance_metrics.success is 'Of samples.';
comment on column weft.performance_metrics.failed is 'Of samples; those that timed out or were lost included.';
comment on column weft.performance_metrics.min_ms is 'The shortest of samples.';
comment on column weft.performance_metrics.max_ms is 'The longest of samples.';
comment on column weft.performance_metrics.sum_ms is 'Of samples: hours add up to days.';
comment on column weft.performance_metrics.p50_ms is 'Half of the samples took no longer; from the histogram, at most 19 % off.';
comment on column weft.performance_metrics.p95_ms is '95 % of the samples took no longer; from the histogram, at most 19 % off.';
comment on column weft.performance_metrics.p99_ms is '99 % of the samples took no longer; from the histogram, at most 19 % off.';
comment on column weft.performance_metrics.cpu_ms is 'Of a processor, together; null: not measured.';
comment on column weft.performance_metrics.memory_mb_max is 'The most that one attempt took; null: not measured.';
comment on column weft.performance_metrics.tokens is 'Of models, together; null: none.';
comment on column weft.performance_metrics.cost is 'In USD, together; null: none known.';

set local role weft_engine;
comment on column weft.workflow_execution_stats.tenant_id is 'No row-level security holds here: ipa.workflow_execution_stats does what it would.';
comment on column weft.workflow_execution_stats.workflow_id is 'Workflows without executions have no row.';
comment on column weft.workflow_execution_stats.total_executions is 'Open ones included.';
comment on column weft.workflow_execution_stats.successful_count is 'Of total_executions.';
comment on column weft.workflow_execution_stats.failed_count is 'Of total_executions; those that timed out included.';
comment on column weft.workflow_execution_stats.avg_duration_ms is 'Of those that began and ended; null: none has.';

-- One text for what many tables have, where none stands yet; the archive's columns are the core's.
set local role weft_owner;
do $$
declare
  spot record;
begin
  for spot in
    select a.attrelid::regclass as relation, a.attname as name, common.text
    from (values
      ('tenant_id', 'Who sees the row, and nobody else: first in every key.'),
      ('id', 'Unique in the tenant; made by weft.new_id() unless given.'),
      ('created_at', 'When its transaction began, unless given.'),
      ('updated_at', 'Of the last change; set by a trigger, in the mirror''s tables by the writer.'),
      ('deleted_at', 'Null while it is there; who has it is gone, and the row stays for what points to it.'),
      ('start_time', 'When it began; null: it has not.'),
      ('end_time', 'When it ended; null: it has not. Never before it began.'),
      ('duration_ms', 'ms from its beginning to its end; null until both are known.'),
      ('epoch', 'Goes up when Temporal''s history was lost or set back; what an older one says is no longer taken.'),
      ('authority', 'Who said it: 0 the start or a worker, 1 the running workflow, 2 Temporal''s history. Less never overwrites more.'),
      ('ord', 'Of two writes of one authority the later one: ms at 0, the workflow''s counter at 1, run number and event at 2.'),
      ('attempt', 'Number of the attempt that it was written about, from 1; 0: none. Of two writes with the same ord the later one.'),
      ('state_rank', 'Of two writes about the same attempt the one further on: 0 is pending, the ends are highest.'),
      ('confirmed', 'It is what Temporal''s closed history says: authority 2.'),
      ('mirrored_at', 'When the mirror last wrote it.'),
      ('field_orders', 'By group of columns, the order of the write it came from, where that is not the row''s own; kept by the writer.'),
      ('error_code', 'Such as TIMEOUT or TERMINATED; null: nothing went wrong.'),
      ('error_detail', 'For people; cut at 4,096 bytes. Null: nothing to say.'),
      ('execution_id', 'Of weft.workflow_executions.'),
      ('workflow_id', 'Of weft.workflows.'),
      ('definition_id', 'Of weft.workflow_definitions: a version.'),
      ('path', 'Of a task in the execution, such as /each[17]/send.'),
      ('approval_id', 'Of weft.approvals.'),
      ('event_id', 'Of weft.events.'),
      ('agent_id', 'Of weft.agents.'),
      ('persona_id', 'Of weft.personas.'),
      ('database_id', 'Of weft.databases.'),
      ('schema_id', 'Of weft.schemas.'),
      ('document_id', 'Of weft.documents.'),
      ('user_id', 'Whose it is: of weft.users.'),
      ('owner_id', 'Whose it is: of weft.users.'),
      ('created_by', 'Id of the user who made it; system for a service.'),
      ('description', 'For people; null: none.'),
      ('metadata', 'The user''s own.'),
      ('cost', 'In USD; null: none known.'),
      ('is_enabled', 'False: kept, but not used.')
    ) common (name, text)
    join pg_attribute a on a.attname = common.name
    join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p') and not c.relispartition
    where c.relnamespace = 'weft'::regnamespace and col_description(c.oid, a.attnum) is null
  loop
    execute format('comment on column %s.%I is %L', spot.relation, spot.name, spot.text);
  end loop;
  for spot in
    select copy.attrelid::regclass as relation, copy.attname as name, col_description(a.attrelid, a.attnum) as text
    from (values
      ('executions', 'workflow_executions'), ('tasks', 'task_executions'), ('states', 'workflow_states'),
      ('approvals', 'approvals'), ('approval_candidates', 'approval_candidates'), ('approval_votes', 'approval_votes')
    ) archived (name, core)
    join pg_attribute copy on copy.attrelid = ('weft_archive.' || archived.name)::regclass
    join pg_attribute a on a.attrelid = ('weft.' || archived.core)::regclass and a.attname = copy.attname
    where copy.attnum > 0 and col_description(copy.attrelid, copy.attnum) is null
  loop
    execute format('comment on column %s.%I is %L', spot.relation, spot.name, spot.text);
  end loop;
end $$;
