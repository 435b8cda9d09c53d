import { z } from '@hono/zod-openapi';
import type { Json } from '../../contract.ts';
import { awaitEnd, watchEnd } from '../../operations/await-end.ts';
import { hasEnded } from '../../operations/pass-on.ts';
import { startExecution } from '../../operations/start-execution.ts';
import { Problem } from '../../problem.ts';
import { duration, wait } from '../duration.ts';
import { route } from '../route.ts';
import type { RouteContext } from '../route.ts';
import * as schemas from './execution-schemas.ts';
import { showExecution } from './show-execution.ts';

const spec = {
  method: 'post',
  path: '/executions',
  permission: 'execution:start',
  confirmsKey: () => true,
  tag: 'executions',
  summary: 'Start an execution',
  description: 'Once accepted it will run, whether Temporal is there at the moment or not.',
  query: z.strictObject({ wait: wait.optional() }),
  body: z
    .strictObject({
      workflow: z.string().min(1).max(128),
      version: z.string().min(1).max(32).optional(),
      input: z.unknown().optional().openapi({ description: 'Any JSON that fits the schema. Default {}' }),
      id: z
        .string()
        .regex(/^[0-9A-Za-z._-]{1,200}$/)
        .optional(),
      correlationId: z.string().min(1).max(500).optional(),
      priority: z.int().min(-1_000).max(1_000).optional(),
      tags: z.array(z.string().min(1).max(200)).max(50).optional(),
      delay: duration.optional(),
    })
    .openapi('StartExecution'),
  answers: {
    200: { description: 'Ended, where that was waited for', schema: schemas.execution },
    202: { description: 'Accepted', schema: schemas.execution },
  },
  problems: ['NOT_FOUND', 'CONFLICT', 'DEFINITION_INVALID', 'INPUT_INVALID'],
} as const;
type StartContext = RouteContext<typeof spec>;

/** `POST /executions`: with `wait` start and end in one request. */
export const start = route(spec, accept, answerAtEnd);

async function accept(c: StartContext): Promise<Response> {
  const services = c.get('services');
  const who = c.get('principal');
  const { input = {}, ...body } = c.req.valid('json');
  const isAwaited = c.req.valid('query').wait !== undefined;
  if (isAwaited && !who.permissions.has('execution:read'))
    throw new Problem('FORBIDDEN', 'To wait for its end needs the permission execution:read.');
  const row = await startExecution(
    { ...services, localActivities: services.config.WEFT_LOCAL_ACTIVITIES },
    who,
    { ...body, input: input as Json, idempotencyKey: c.get('idempotencyKey'), requestId: c.get('requestId') },
    (id) => {
      if (isAwaited) c.set('wakeup', watchEnd(services.changes, who.tenant, id));
    },
  );
  c.header('Location', `${new URL(c.req.url).pathname}/${row.id}`);
  return c.json(showExecution(row, services.config, who.tenant), 202);
}

/** A copy of a request waits for the same end. What is accepted stays so: where its end can't be read, that is the answer. */
async function answerAtEnd(c: StartContext, answer: Response): Promise<Response> {
  const { wait: ms } = c.req.valid('query');
  const wakeup = c.get('wakeup');
  if (ms === undefined || answer.status !== 202) {
    wakeup?.close();
    return answer;
  }
  const { stopping, config, log, ...services } = c.get('services');
  const who = c.get('principal');
  const id = answer.headers.get('location')?.split('/').at(-1) ?? '';
  const signal = AbortSignal.any([stopping, c.req.raw.signal]);
  try {
    const row = await awaitEnd(services, who, { id, ms, signal, wakeup });
    const body = JSON.stringify(showExecution(row, config, who.tenant));
    return new Response(body, { status: hasEnded(row) ? 200 : 202, headers: answer.headers });
  } catch (error) {
    log.warn({ err: error, requestId: c.get('requestId') }, 'the end of an execution was not waited for');
    return answer;
  }
}
