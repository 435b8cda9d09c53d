import { z } from '@hono/zod-openapi';
import { EXECUTION_STATUSES } from '../../contract.ts';
import { WAIT_KINDS } from '../../operations/why/wait.ts';
import { whyExecution } from '../../operations/why/why-execution.ts';
import { route } from '../route.ts';

const time = z.iso.datetime();
const move = z
  .object({
    what: z.string(),
    how: z.string().nullable().openapi({ description: 'The command; null: there is none, or it comes by itself' }),
    http: z.string().nullable().openapi({ description: 'The call of this API, where there is one' }),
  })
  .openapi('Move', { description: 'What would move it' });

const wait = z
  .object({
    path: z.string().nullable().openapi({ description: 'Of the task; null: the execution itself' }),
    kind: z.enum(WAIT_KINDS).openapi({ description: 'Whose turn it is' }),
    since: time.nullable(),
    until: time.nullable().openapi({ description: 'When it is over at the latest, or goes on by itself' }),
    for: z.string().openapi({ description: "Completes 'Waits for …'" }),
    about: z.record(z.string(), z.unknown()).openapi({ description: 'The same as data, by kind' }),
    moves: z.array(move),
  })
  .openapi('Wait');

export const why = z
  .object({
    id: z.string(),
    status: z.enum(EXECUTION_STATUSES),
    summary: z.string().openapi({ description: 'A sentence' }),
    waits: z.array(wait).openapi({ description: 'What holds up everything comes first' }),
    moves: z.array(move).openapi({ description: 'What can be done with the execution as a whole' }),
    temporal: z
      .enum(['asked', 'away'])
      .openapi({ description: 'away: Temporal does not answer, all of this is what the mirror knows' }),
  })
  .openapi('Why');

const get = route(
  {
    method: 'get',
    path: '/executions/{id}/why',
    permission: 'execution:read',
    tag: 'executions',
    summary: 'Whom or what an execution waits for, since when, and what would move it',
    description:
      'From the mirror and from Temporal; from the mirror alone while Temporal is away. Of one that has ended: how.',
    answers: { 200: { description: 'It', schema: why } },
  },
  async (c) => {
    const { database, temporal, config } = c.get('services');
    const parts = { database, temporal, namespace: config.TEMPORAL_NAMESPACE };
    return c.json(await whyExecution(parts, c.get('principal'), c.req.valid('param').id), 200);
  },
);

/** What keeps an execution. */
export const whyRoutes = [get];
