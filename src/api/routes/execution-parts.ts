import { z } from '@hono/zod-openapi';
import { TASK_STATUSES } from '../../contract.ts';
import { LOG_LEVELS } from '../../mirror/read-history.ts';
import { compileStored } from '../../operations/compile-stored.ts';
import { readAttempts, readExecution, readHistory, readLogs, readTasks } from '../../operations/read-executions.ts';
import { mermaid } from '../../plan/diagram.ts';
import { Problem } from '../../problem.ts';
import { page, readCursor } from '../cursor.ts';
import { listOf, listQuery } from '../list-query.ts';
import { route } from '../route.ts';
import { readTaskCursor, taskPage } from '../task-cursor.ts';
import * as schemas from './execution-schemas.ts';
import { showAttempt, showEvent, showLine, showTask } from './show-execution.ts';

const tag = 'executions';
const ofPath = listQuery.extend({ path: z.string().max(5_000).optional().openapi({ description: 'Of one task' }) });

const tasks = route(
  {
    method: 'get',
    path: '/executions/{id}/tasks',
    permission: 'execution:read',
    tag,
    summary: 'The tasks of an execution, in the order of its definition',
    query: ofPath.extend({ status: z.enum(TASK_STATUSES).optional() }),
    answers: { 200: { description: 'A page', schema: listOf(schemas.task) } },
  },
  async (c) => {
    const { cursor, ...filter } = c.req.valid('query');
    const rows = await readTasks(c.get('services').database, c.get('principal'), c.req.valid('param').id, {
      ...filter,
      after: readTaskCursor(cursor),
    });
    return c.json(taskPage(rows, filter.limit, showTask), 200);
  },
);

const history = route(
  {
    method: 'get',
    path: '/executions/{id}/history',
    permission: 'execution:read',
    tag,
    summary: 'What happened in an execution, newest first',
    query: ofPath,
    answers: { 200: { description: 'A page', schema: listOf(schemas.historyEvent) } },
  },
  async (c) => {
    const { cursor, ...filter } = c.req.valid('query');
    const after = readCursor(cursor, /^\d{1,18}$/);
    const rows = await readHistory(c.get('services').database, c.get('principal'), c.req.valid('param').id, {
      ...filter,
      after,
    });
    return c.json(page(rows, filter.limit, showEvent), 200);
  },
);

const logs = route(
  {
    method: 'get',
    path: '/executions/{id}/logs',
    permission: 'execution:read',
    tag,
    summary: 'What the executors of an execution logged, newest first',
    query: ofPath.extend({ level: z.enum(LOG_LEVELS).optional().openapi({ description: 'The least that is shown' }) }),
    answers: { 200: { description: 'A page', schema: listOf(schemas.logLine) } },
  },
  async (c) => {
    const { cursor, ...filter } = c.req.valid('query');
    const after = readCursor(cursor, /^\d{1,18}$/);
    const rows = await readLogs(c.get('services').database, c.get('principal'), c.req.valid('param').id, {
      ...filter,
      after,
    });
    return c.json(page(rows, filter.limit, showLine), 200);
  },
);

const attempts = route(
  {
    method: 'get',
    path: '/executions/{id}/attempts',
    permission: 'execution:read',
    tag,
    summary: "The attempts of an execution's tasks, newest first",
    query: ofPath,
    answers: { 200: { description: 'A page', schema: listOf(schemas.attempt) } },
  },
  async (c) => {
    const { cursor, ...filter } = c.req.valid('query');
    const after = readCursor(cursor, /^[^\0]{1,6000}$/);
    const rows = await readAttempts(c.get('services').database, c.get('principal'), c.req.valid('param').id, {
      ...filter,
      after,
    });
    return c.json(page(rows, filter.limit, showAttempt), 200);
  },
);

const diagram = route(
  {
    method: 'get',
    path: '/executions/{id}/diagram',
    permission: 'execution:read',
    tag,
    summary: "An execution's definition as a Mermaid diagram",
    answers: { 200: { description: 'Mermaid text', contentType: 'text/plain' } },
    problems: ['DEFINITION_INVALID'],
  },
  async (c) => {
    const services = c.get('services');
    const who = c.get('principal');
    const { definitionId } = await readExecution(services.database, who, c.req.valid('param').id);
    if (definitionId === null) throw new Problem('NOT_FOUND', 'The definition of this execution is not known.');
    return c.text(mermaid(await compileStored(services, who.tenant, definitionId)), 200);
  },
);

/** Routes of what an execution is made of. */
export const executionPartRoutes = [tasks, history, logs, attempts, diagram];
