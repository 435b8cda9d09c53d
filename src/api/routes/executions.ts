import { z } from '@hono/zod-openapi';
import { EXECUTION_STATUSES } from '../../contract.ts';
import type { ExecutionDetail } from '../../mirror/read-executions.ts';
import { awaitEnd } from '../../operations/await-end.ts';
import { readExecution, readExecutions } from '../../operations/read-executions.ts';
import { page, readCursor } from '../cursor.ts';
import { wait } from '../duration.ts';
import { eventStream } from '../event-stream.ts';
import { listOf, listQuery } from '../list-query.ts';
import { route } from '../route.ts';
import * as schemas from './execution-schemas.ts';
import { showExecution, showItem } from './show-execution.ts';
import { start } from './start-execution.ts';
import { streamExecution } from './stream-execution.ts';

const tag = 'executions';

const list = route(
  {
    method: 'get',
    path: '/executions',
    permission: 'execution:read',
    tag,
    summary: 'Executions, newest first',
    query: listQuery.extend({
      status: z.enum(EXECUTION_STATUSES).optional(),
      workflow: z.string().max(128).optional(),
      version: z.string().max(32).optional(),
      correlationId: z.string().max(500).optional(),
      tag: z.string().max(200).optional(),
      parent: z.string().max(200).optional().openapi({ description: 'Only the children of this execution' }),
      createdAfter: z.iso.datetime({ offset: true }).optional(),
      createdBefore: z.iso.datetime({ offset: true }).optional(),
      q: z.string().max(200).optional().openapi({ description: 'Beginning of the id or the correlation id' }),
    }),
    answers: { 200: { description: 'A page', schema: listOf(schemas.executionItem) } },
  },
  async (c) => {
    const { cursor, createdAfter, createdBefore, ...filter } = c.req.valid('query');
    const { database, config } = c.get('services');
    const who = c.get('principal');
    const rows = await readExecutions(database, who, {
      ...filter,
      createdAfter: createdAfter === undefined ? undefined : new Date(createdAfter),
      createdBefore: createdBefore === undefined ? undefined : new Date(createdBefore),
      after: readCursor(cursor),
    });
    return c.json(
      page(rows, filter.limit, (row) => showItem(row, config, who.tenant)),
      200,
    );
  },
);

const get = route(
  {
    method: 'get',
    path: '/executions/{id}',
    permission: 'execution:read',
    // Otherwise Temporal is asked first.
    confirmsKey: (c) => c.req.query('consistency') !== 'strong',
    tag,
    summary: 'One execution',
    query: z.strictObject({
      wait: wait.optional(),
      consistency: z
        .enum(['eventual', 'strong'])
        .optional()
        .openapi({ description: 'strong: compared with Temporal first, so that no end is missing. Default eventual' }),
    }),
    answers: { 200: { description: 'It', schema: schemas.execution } },
    problems: ['TEMPORAL_UNAVAILABLE'],
  },
  async (c) => {
    const services = c.get('services');
    const who = c.get('principal');
    const { id } = c.req.valid('param');
    const { wait: ms, consistency } = c.req.valid('query');
    const isStrong = consistency === 'strong';
    if (isStrong) await services.reconciler.confirm(who.tenant, id);
    const show = (row: ExecutionDetail) => c.json(showExecution(row, services.config, who.tenant), 200);
    if (ms === undefined) return show(await readExecution(services.database, who, id));
    const signal = AbortSignal.any([services.stopping, c.req.raw.signal]);
    const row = await awaitEnd(services, who, { id, ms, signal });
    if (!isStrong) return show(row);
    // What has ended meanwhile the mirror may know from the workflow alone.
    await services.reconciler.confirm(who.tenant, id);
    return show(await readExecution(services.database, who, id));
  },
);

const stream = route(
  {
    method: 'get',
    path: '/executions/{id}/stream',
    permission: 'execution:read',
    tag,
    summary: 'What happens in an execution, as server-sent events',
    description:
      'On connect one `snapshot`, then `task`, `approval` and `execution` with whole rows, in order; `end` when nothing changes any more. A new connect gets a new snapshot.',
    answers: { 200: { description: 'Events', contentType: 'text/event-stream' } },
  },
  async (c) => {
    const { database, stopping } = c.get('services');
    const { id } = c.req.valid('param');
    // A problem can only be answered before the first event.
    await readExecution(database, c.get('principal'), id);
    const stop = new AbortController();
    const signal = AbortSignal.any([stopping, c.req.raw.signal, stop.signal]);
    return eventStream(streamExecution(c, id, signal), stop);
  },
);

/** Routes of executions. */
export const executionRoutes = [start, list, get, stream];
