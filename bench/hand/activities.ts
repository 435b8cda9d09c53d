import { Context } from '@temporalio/activity';
import type { Pool } from 'pg';
import type { StepInput, StepResult } from '../step.ts';
import { work } from '../step.ts';

export type HandActivities = {
  readonly step: (input: StepInput) => Promise<StepResult>;
  /** The same, with a naive mirror: it writes its begin and its end, each in a statement of its own. */
  readonly mirroredStep: (input: StepInput) => Promise<StepResult>;
};

export const NAIVE_MIRROR = `
create schema naive;
create table naive.tasks (
  execution_id text not null, task_id text not null, status text not null, attempt int not null, worker text not null,
  input jsonb, result jsonb, started_at timestamptz not null, ended_at timestamptz, primary key (execution_id, task_id)
);
create index on naive.tasks (status, started_at);
grant usage on schema naive to public;
grant select, insert, update on naive.tasks to public;
`;

const BEGIN = `
insert into naive.tasks (execution_id, task_id, status, attempt, worker, input, started_at)
values ($1, $2, 'running', $3, $4, $5, now())
on conflict (execution_id, task_id) do update set status = 'running', attempt = excluded.attempt, worker = excluded.worker`;
const END = `
update naive.tasks set status = 'success', result = $3, ended_at = now() where execution_id = $1 and task_id = $2`;

export function createHandActivities(database: Pool, worker: string): HandActivities {
  return {
    step: (input) => Promise.resolve(work(input)),
    mirroredStep: async (input) => {
      const { workflowExecution, activityId, attempt } = Context.current().info;
      const key = [workflowExecution?.workflowId ?? '', activityId];
      const begin = [...key, attempt, worker, JSON.stringify(input)];
      await database.query({ name: 'begin', text: BEGIN, values: begin });
      const result = work(input);
      await database.query({ name: 'end', text: END, values: [...key, JSON.stringify(result)] });
      return result;
    },
  };
}
