-- What the names of the core's columns don't say: units, closed sets, who writes it, what null means. What many tables have
-- in common comes in the next file.
set local role weft_owner;

comment on column weft.sql_logins.role is 'A login of PostgreSQL; it belongs to the cluster, not to this database.';
comment on column weft.sql_logins.tenant_id is 'All that this login sees.';
comment on column weft.sql_logins.user_id is 'Whom it acts for; system is the product''s own service, which may act for others.';

comment on column weft.users.email is 'Unique without regard to case among those not deleted. Approvals may name people by it.';
comment on column weft.users.username is 'Unique without regard to case; a deleted user keeps it. Approvals may name people by it.';
comment on column weft.users.password_hash is 'For the documents'' own programs: Weft logs in by API keys. Null: none.';
comment on column weft.users.roles is 'admin, developer, operator, approver, analyst, viewer; user is another word for viewer.';
comment on column weft.users.permissions is 'Granted beside what the roles give, such as execution:start.';
comment on column weft.users.is_active is 'False shuts out the user with all keys.';
comment on column weft.users.email_verified is 'Set by who checked the address; a change of it through a view clears it.';
comment on column weft.users.last_login_at is 'Set by the programs that log people in; null: never.';

comment on column weft.api_keys.user_id is 'Whom its holder acts as.';
comment on column weft.api_keys.name is 'What people call it; not unique.';
comment on column weft.api_keys.hash is 'SHA-256 of the whole key.';
comment on column weft.api_keys.scopes is 'Permissions it is cut down to; empty: all of its user.';
comment on column weft.api_keys.expires_at is 'Null: never.';
comment on column weft.api_keys.last_used_at is 'Right to a minute; null: never used.';
comment on column weft.api_keys.revoked_at is 'Null while it works.';

comment on column weft.idempotency_keys.principal is 'Id of the user who asked: keys of two users don''t meet.';
comment on column weft.idempotency_keys.route is 'Method and path pattern; the same key may be used at another.';
comment on column weft.idempotency_keys.key is 'The header, as it was sent.';
comment on column weft.idempotency_keys.body_hash is 'Another body under the same key is refused.';
comment on column weft.idempotency_keys.status is 'HTTP status of the answer; null while the first request is under way.';
comment on column weft.idempotency_keys.response is 'Headers and body of the answer; null while the first request is under way.';
comment on column weft.idempotency_keys.created_at is 'When the key was taken; after 24 hours it counts as new.';

comment on column weft.leases.name is 'What is to be done by one process alone.';
comment on column weft.leases.holder is 'Which process has it: an id it gave itself.';
comment on column weft.leases.expires_at is 'From then on another may take it; the holder puts it off.';

comment on column weft.audit_logs.id is 'Counts up over all tenants, with gaps; unique with created_at.';
comment on column weft.audit_logs.user_id is
  'The session''s user, whoever the row was of. No foreign key: entries outlive users. Null: nobody known.';
comment on column weft.audit_logs.action is
  'create, update, delete, login, logout, execute, cancel, approve, reject, delegate, pause, resume, redrive, terminate, skip, edit.';
comment on column weft.audit_logs.resource_type is 'workflow, template, execution, approval, key, user, agent and the like.';
comment on column weft.audit_logs.resource_id is 'Null where it was not one thing.';
comment on column weft.audit_logs.changes is 'before and after, as far as each is known.';
comment on column weft.audit_logs.ip_address is 'Where the request came from; null for what came in by SQL.';
comment on column weft.audit_logs.user_agent is 'As the client said it; null for what came in by SQL.';
comment on column weft.audit_logs.request_id is 'X-Request-Id of the request, as in the API''s own log; null for what came in by SQL.';
comment on column weft.audit_logs.prev_hash is 'Hash of the entry before; null until sealed.';
comment on column weft.audit_logs.hash is 'Over prev_hash and this entry; null until sealed, from then on the row never changes.';

comment on column weft.workflows.name is 'What addresses name it by: unique, a deleted workflow keeps it, and saving it again revives it.';
comment on column weft.workflows.title is 'For people; not unique.';
comment on column weft.workflows.description is 'For people; taken from the current version where that has one.';
comment on column weft.workflows.status is
  'draft: nothing published; active; paused and archived: nothing new starts, what runs goes on.';
comment on column weft.workflows.category is 'A word of the user''s own, to group by; null: none.';
comment on column weft.workflows.tags is 'Words of the user''s own; taken from the current version where that has some.';
comment on column weft.workflows.metadata is 'The user''s own; the engine reads none of it.';
comment on column weft.workflows.current_definition_id is 'The version that starts unless another is named; null: none is published.';
comment on column weft.workflows.template_id is 'The template it was made from; null: none, or it is gone.';
comment on column weft.workflows.published_at is 'When its current version became that; null: never.';

comment on column weft.workflow_definitions.seq is 'The id as an integer, for those who know versions by one.';
comment on column weft.workflow_definitions.version is
  'For people, such as 1.2.0: unique in its workflow; the number where none was given.';
comment on column weft.workflow_definitions.number is 'Counts the versions of its workflow, from 1.';
comment on column weft.workflow_definitions.state is 'draft: may still change, one per workflow at most; published: never changes.';
comment on column weft.workflow_definitions.dialect is 'Syntax of the body: native, graph (Vue Flow) or steps (IPA).';
comment on column weft.workflow_definitions.body is 'The definition as it was given, before it is translated into the plan.';
comment on column weft.workflow_definitions.content_hash is 'SHA-256 of what was saved: the same again makes no new version.';
comment on column weft.workflow_definitions.engine_version is 'Of the engine it was saved with; null where it came in by SQL.';
comment on column weft.workflow_definitions.compile_state is
  'pending: came in by SQL and has no plan yet; valid; invalid: an execution of it fails with DEFINITION_INVALID.';
comment on column weft.workflow_definitions.problems is 'What the compiler found, with places and advice; null: nothing.';
comment on column weft.workflow_definitions.is_active is 'False: nothing new starts from it, what runs goes on.';
comment on column weft.workflow_definitions.change_summary is 'What is new, in the words of who saved it.';
comment on column weft.workflow_definitions.row_version is 'Counts changes of a draft; who saves says which one they saw.';
comment on column weft.workflow_definitions.published_at is 'Null while it is a draft.';

comment on column weft.workflow_definition_history.id is 'Counts up over all tenants, with gaps.';
comment on column weft.workflow_definition_history.workflow_id is 'No foreign key: history outlives the workflow.';
comment on column weft.workflow_definition_history.definition_id is
  'The version it happened to; null where it was the workflow as a whole.';
comment on column weft.workflow_definition_history.from_definition_id is 'The version that was current before; null: none.';
comment on column weft.workflow_definition_history.action is
  'created, updated, published, activated, deactivated, rolled_back, weighted or deleted.';
comment on column weft.workflow_definition_history.before is
  'What changed, as it was; null where there was nothing before, or it was not kept.';
comment on column weft.workflow_definition_history.after is 'What changed, as it is since; null where nothing is left.';
comment on column weft.workflow_definition_history.reason is 'In the words of who did it; null: none given.';
comment on column weft.workflow_definition_history.changed_by is 'Id of the user; system for a service. No foreign key.';
comment on column weft.workflow_definition_history.changed_at is 'When its transaction began.';

comment on column weft.workflow_executions.id is
  'Also Temporal''s workflow id: as it is in tenant default, tenant:id in others. 1 to 200 of 0-9 A-Z a-z . _ -';
comment on column weft.workflow_executions.seq is 'The id as an integer, for those who know executions by one.';
comment on column weft.workflow_executions.workflow_id is 'Null as long as only facts about it have come, not the row itself.';
comment on column weft.workflow_executions.definition_id is 'The version it runs, to its end; null as workflow_id.';
comment on column weft.workflow_executions.status is
  'pending: accepted, not begun; running; paused; then success, failed, cancelled or timeout for good, once confirmed.';
comment on column weft.workflow_executions.paused_by is 'Id of the user who paused it; null unless it is paused.';
comment on column weft.workflow_executions.input is 'Null: none given, or too large for the row and in payloads.';
comment on column weft.workflow_executions.output is 'Null until it has succeeded; also where it is too large for the row and in payloads.';
comment on column weft.workflow_executions.context is 'The caller''s own, given at the start by SQL; the engine reads none of it.';
comment on column weft.workflow_executions.output_ref is 'Id in payloads of an output too large for the row.';
comment on column weft.workflow_executions.error_task is 'Path of the task that failed it; null where none did.';
comment on column weft.workflow_executions.correlation_id is 'The caller''s own id of it; not unique.';
comment on column weft.workflow_executions.priority is
  '-1000 to 1000 over HTTP, greater is more urgent. To sort by: it starts nothing sooner.';
comment on column weft.workflow_executions.tags is 'The caller''s own words, given at the start.';
comment on column weft.workflow_executions.metadata is
  'The caller''s own; of the engine''s, requestKey: the Idempotency-Key it was started under.';
comment on column weft.workflow_executions.triggered_by is 'Id of the user who started it; system where nobody did.';
comment on column weft.workflow_executions.trigger is
  'How it was started: api, sql, schedule, event, parent (a sub_workflow task) or redrive.';
comment on column weft.workflow_executions.schedule_id is 'The schedule that started it; null: another trigger.';
comment on column weft.workflow_executions.parent_execution_id is 'The execution whose sub_workflow task started it; null: none.';
comment on column weft.workflow_executions.parent_path is 'Path of that task in the parent.';
comment on column weft.workflow_executions.root_execution_id is
  'The topmost parent, or what a redrive first repeated; else itself. Idempotency keys are made of it. Null as workflow_id.';
comment on column weft.workflow_executions.redrive_number is '0 for the first; how many times it was repeated up to this one.';
comment on column weft.workflow_executions.test is 'Marked as a trial by who started it.';
comment on column weft.workflow_executions.current_path is 'Path of the task it waits at, the first of several; null: it waits at none.';
comment on column weft.workflow_executions.total_tasks is
  'Tasks in the plan, each counted once however often it repeats; null before it is compiled.';
comment on column weft.workflow_executions.completed_tasks is 'Never more than total_tasks; as of the last time it waited, or its end.';
comment on column weft.workflow_executions.created_at is 'When it was accepted; it may begin later.';
comment on column weft.workflow_executions.start_after is 'It begins no sooner; null: at once.';
comment on column weft.workflow_executions.temporal_run_id is 'Temporal''s newest run of it; null until Temporal has taken it.';
comment on column weft.workflow_executions.first_run_id is 'Temporal''s first run of it: with later ones a chain, one execution.';
comment on column weft.workflow_executions.engine_version is
  'Of the interpreter that runs it; 0 until one does that came in by SQL. Null as workflow_id.';
comment on column weft.workflow_executions.archived_at is 'When it was moved into the archive; null before.';

comment on column weft.task_executions.id is 'Made of tenant, execution and path: weft.task_row_id().';
comment on column weft.task_executions.task_id is 'Its id in the definition; in a loop several rows have the same.';
comment on column weft.task_executions.parent_path is 'Path of the task it stands in; null at the top.';
comment on column weft.task_executions.item_index is 'Which item of a foreach, from 0; null outside of one.';
comment on column weft.task_executions.title is 'For people; null where the definition has none.';
comment on column weft.task_executions.type is
  'Of the plan: executor, condition, switch, parallel, foreach, loop, wait, approval, sub_workflow and so on.';
comment on column weft.task_executions.executor is 'Name of the executor, such as http; null for other types than executor.';
comment on column weft.task_executions.dependencies is 'Array of the task ids it waits for.';
comment on column weft.task_executions.execution_order is 'Place in a walk of the plan, from 0; not when it ran.';
comment on column weft.task_executions.status is
  'pending, running, waiting (for people, events, time), retry (before the next attempt); then success, failed, skipped, cancelled or timeout.';
comment on column weft.task_executions.retry_count is 'Attempts after the first.';
comment on column weft.task_executions.max_retries is 'maxAttempts less 1; null: without limit.';
comment on column weft.task_executions.input is 'After its expressions were evaluated; null: none, or not begun.';
comment on column weft.task_executions.result is 'Null until it has succeeded.';
comment on column weft.task_executions.tokens_used is 'Of models; null where none was asked.';
comment on column weft.task_executions.created_at is 'When the mirror first heard of it.';

comment on column weft.workflow_states.kind is
  'Why it was kept: continue_as_new (the history was getting long), redrive, parking (it waits for long) or manual.';
comment on column weft.workflow_states.run_id is 'Temporal''s run that it comes from.';
comment on column weft.workflow_states.state is 'What a next run needs to go on: the engine''s own, may change with its version.';

comment on column weft.commands.id is 'From the request''s key where it had one: sent twice, it is one order.';
comment on column weft.commands.action is 'pause, resume, cancel, terminate or vote.';
comment on column weft.commands.arguments is 'reason; of a vote approval, decision, comment and data; channel sql where it came in by SQL.';
comment on column weft.commands.requested_by is 'Id of the user; system for a service.';
comment on column weft.commands.done_at is 'When it was passed on to Temporal, or given up; null while it is to be done.';
comment on column weft.commands.error is 'Why it could not be done; null: it was, or is to be.';

comment on column weft.mirror_cursors.run_id is 'Temporal''s run that was read last.';
comment on column weft.mirror_cursors.run_no is 'Which of the execution''s runs that is, from 1.';
comment on column weft.mirror_cursors.last_event_id is 'How far it is read; 0: not at all.';
comment on column weft.mirror_cursors.prefix_hash is
  'Over the events read: another hash of the same ones means that history was rewritten. Empty: not taken.';
comment on column weft.mirror_cursors.closed is 'That run has ended, and all it did is confirmed.';
comment on column weft.mirror_cursors.checked_at is 'When Temporal was last asked.';

comment on column weft.approvals.id is 'execution~path, from the second round on ~round: needs no look-up.';
comment on column weft.approvals.round is 'From 1; a task that asks again asks in the next one.';
comment on column weft.approvals.title is 'The question, in a line.';
comment on column weft.approvals.description is 'The question, at length; null: the title says it all.';
comment on column weft.approvals.status is 'open, approved, rejected, expired (the deadline passed) or cancelled (its execution ended).';
comment on column weft.approvals.quorum is 'How many must agree where quorum_kind is count.';
comment on column weft.approvals.self_approval is 'Whether who started the execution may vote.';
comment on column weft.approvals.form is 'What to fill in with a vote: fields in the order they are shown; null: nothing.';
comment on column weft.approvals.on_timeout is 'At the deadline: fail, approve, reject or escalate.';
comment on column weft.approvals.on_reject is 'fail: rejected, the task fails; continue: it ends well, and says that it was rejected.';
comment on column weft.approvals.deadline is 'Null: it waits for ever.';
comment on column weft.approvals.next_reminder_at is 'Null: nobody is reminded.';
comment on column weft.approvals.claimed_by is 'Id of the user who has taken it on; others may still vote. Null: nobody.';
comment on column weft.approvals.claimed_at is 'Null: nobody has taken it on.';
comment on column weft.approvals.escalated_to is 'Who may vote since it was escalated; null: it was not.';
comment on column weft.approvals.decision_data is 'The form as the deciding vote filled it in; null: nothing.';
comment on column weft.approvals.decided_by is
  'Id of the user of the deciding vote; null while it is open, and where the deadline decided.';
comment on column weft.approvals.decided_at is 'Null while it is open.';
comment on column weft.approvals.comment is 'Of the deciding vote.';

comment on column weft.approval_candidates.kind is 'user or group.';
comment on column weft.approval_candidates.principal is 'A user''s id, username or email; a group, or a role.';

comment on column weft.approval_links.token_hash is 'SHA-256 of what stands in the link.';
comment on column weft.approval_links.user_id is 'Who votes by it.';
comment on column weft.approval_links.expires_at is 'From then on it opens nothing.';
comment on column weft.approval_links.used_at is 'Null: not yet.';

comment on column weft.approval_votes.voter_id is 'Id of the user.';
comment on column weft.approval_votes.decision is 'approve or reject.';
comment on column weft.approval_votes.on_behalf_of is 'Whose vote it was before it was handed on; null: the voter''s own.';
comment on column weft.approval_votes.comment is 'In the voter''s words; null: none.';
comment on column weft.approval_votes.data is 'The form as the voter filled it in; null: nothing.';
comment on column weft.approval_votes.channel is 'How it came: api, cli, link, sql or console.';
comment on column weft.approval_votes.ip is 'Where it came from, as far as it is known.';
comment on column weft.approval_votes.created_at is 'When the workflow counted it.';

comment on column weft.task_attempts.run_id is 'Temporal''s run it belongs to.';
comment on column weft.task_attempts.retryable is 'Whether another attempt may follow; null: it has not failed.';
comment on column weft.task_attempts.next_retry_at is 'About; null: none follows.';
comment on column weft.task_attempts.worker is 'Identity of the process that ran it.';
comment on column weft.task_attempts.local is 'Ran within the workflow''s own worker; may have run twice.';
comment on column weft.task_attempts.cpu_ms is 'Of a processor; null: not measured.';
comment on column weft.task_attempts.memory_mb is 'At most; null: not measured.';
comment on column weft.task_attempts.execution_created_at is 'When its execution was accepted: says which month''s partition it is in.';
comment on column weft.task_attempts.attempt is 'From 1; starts again when Temporal resets the activity, which ord tells.';
comment on column weft.task_attempts.ord is 'When Temporal scheduled it, ms since 1970.';

comment on column weft.execution_history.id is 'Counts up over all tenants, with gaps; unique with created_at.';
comment on column weft.execution_history.path is 'Of the task it happened to; null: to the execution.';
comment on column weft.execution_history.event_type is 'workflow_… or task_…, such as workflow_started.';
comment on column weft.execution_history.actor is 'Id of the user who did it; null: the engine.';
comment on column weft.execution_history.data is 'By event_type.';
comment on column weft.execution_history.created_at is 'When it happened.';
comment on column weft.execution_history.recorded_at is 'When the mirror wrote it; later than created_at where it was repaired.';

comment on column weft.execution_logs.id is 'Counts up over all tenants, with gaps; unique with created_at.';
comment on column weft.execution_logs.execution_id is 'The workflow''s execution; null for an agent that ran by itself. No foreign key.';
comment on column weft.execution_logs.agent_execution_id is 'The agent''s run; null: no agent logged it. No foreign key.';
comment on column weft.execution_logs.path is 'Of the task that logged it; null: none.';
comment on column weft.execution_logs.attempt is 'Which attempt of that task; null: not known.';
comment on column weft.execution_logs.level is 'debug, info, warning, error or critical.';
comment on column weft.execution_logs.message is 'Cut at 16,384 bytes where the engine wrote it.';
comment on column weft.execution_logs.context is 'What was logged beside the message; over 65,536 bytes only their beginning, as cut.';
comment on column weft.execution_logs.created_at is 'When it was logged, by the clock of who did.';
