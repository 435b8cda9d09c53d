import { z } from '@hono/zod-openapi';
import { endExecution } from '../../operations/end-execution.ts';
import { pauseExecution } from '../../operations/pause-execution.ts';
import { readExecution } from '../../operations/read-executions.ts';
import type { Permission } from '../../permissions.ts';
import { route } from '../route.ts';
import type { Route } from '../route.ts';
import { execution } from './execution-schemas.ts';
import { showExecution } from './show-execution.ts';

const tag = 'executions';
const body = z.strictObject({ reason: z.string().max(1_000).optional() });

function end(action: 'cancel' | 'terminate', permission: Permission, summary: string, description: string): Route {
  return route(
    {
      method: 'post',
      path: `/executions/{id}/${action}`,
      permission,
      tag,
      summary,
      description,
      body,
      bodyOptional: true,
      answers: { 202: { description: 'Taken: it ends soon', schema: execution } },
      problems: ['EXECUTION_ENDED'],
    },
    async (c) => {
      const services = c.get('services');
      const who = c.get('principal');
      const { id } = c.req.valid('param');
      const { reason = null } = c.req.valid('json');
      const about = { idempotencyKey: c.get('idempotencyKey'), requestId: c.get('requestId') };
      await endExecution(services, who, { id, action, reason, ...about });
      return c.json(showExecution(await readExecution(services.database, who, id), services.config, who.tenant), 202);
    },
  );
}

function pause(action: 'pause' | 'resume', summary: string, description: string): Route {
  return route(
    {
      method: 'post',
      path: `/executions/{id}/${action}`,
      permission: 'execution:pause',
      tag,
      summary,
      description,
      body,
      bodyOptional: true,
      answers: { 200: { description: 'Done', schema: execution } },
      problems: ['EXECUTION_ENDED', 'CONFLICT', 'TEMPORAL_UNAVAILABLE', 'WORKER_UNAVAILABLE'],
    },
    async (c) => {
      const services = c.get('services');
      const who = c.get('principal');
      const { id } = c.req.valid('param');
      const { reason = null } = c.req.valid('json');
      const about = { idempotencyKey: c.get('idempotencyKey'), requestId: c.get('requestId') };
      const status = await pauseExecution(services, who, { id, action, reason, ...about });
      const row = await readExecution(services.database, who, id);
      // The mirror may be a moment behind the answer.
      return c.json({ ...showExecution(row, services.config, who.tenant), status }, 200);
    },
  );
}

/** Routes that order something of an execution. */
export const executionCommandRoutes = [
  end(
    'cancel',
    'execution:cancel',
    'Cancel an execution',
    'It cleans up behind itself: `finally` and compensations run.',
  ),
  end('terminate', 'execution:terminate', 'Terminate an execution', 'It ends at once; nothing of it runs any more.'),
  pause('pause', 'Pause an execution', 'Nothing new starts, what runs goes on. Again changes nothing.'),
  pause('resume', 'Let a paused execution go on', 'Again changes nothing.'),
];
