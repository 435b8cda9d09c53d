import type { Context } from 'hono';
import { followExecution } from '../../operations/follow-execution.ts';
import type { ExecutionEvent } from '../../operations/follow-execution.ts';
import { Problem } from '../../problem.ts';
import { authenticate } from '../authenticate.ts';
import type { SentEvent } from '../event-stream.ts';
import type { ApiEnv } from '../services.ts';
import { showApproval } from './approval-schemas.ts';
import { showExecution, showTask } from './show-execution.ts';

/** A key that was revoked gets nothing any more after so long, ms. */
const RECHECK_MS = 20_000;

/** What happens in an execution, as the API sends it; ends when the key isn't valid any more. */
export async function* streamExecution(
  c: Context<ApiEnv>,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<SentEvent, void> {
  let checkedAt = Date.now();
  for await (const event of followExecution(c.get('services'), c.get('principal'), { id, signal })) {
    if (Date.now() - checkedAt > RECHECK_MS) {
      if (!(await isAllowed(c))) return;
      checkedAt = Date.now();
    }
    yield show(c, event);
  }
}

async function isAllowed(c: Context<ApiEnv>): Promise<boolean> {
  try {
    return (await authenticate(c)).permissions.has('execution:read');
  } catch (error) {
    // While PostgreSQL is away nobody is turned out, and nothing new is told.
    return error instanceof Problem && error.code === 'DATABASE_UNAVAILABLE';
  }
}

function show(c: Context<ApiEnv>, event: ExecutionEvent): SentEvent {
  const { config } = c.get('services');
  const { tenant } = c.get('principal');
  switch (event.kind) {
    case 'snapshot': {
      const { execution, tasks, approvals } = event.picture;
      return {
        event: 'snapshot',
        data: {
          execution: showExecution(execution, config, tenant),
          tasks: tasks.map(showTask),
          approvals: approvals.map((approval) => showApproval(approval, config, tenant)),
        },
      };
    }
    case 'task':
      return { event: 'task', data: showTask(event.task) };
    case 'approval':
      return { event: 'approval', data: showApproval(event.approval, config, tenant) };
    case 'execution':
      return { event: 'execution', data: showExecution(event.execution, config, tenant) };
    case 'idle':
      return { event: 'idle' };
    case 'end':
      return { event: 'end', data: {} };
  }
}
