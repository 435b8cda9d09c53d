import { z } from '@hono/zod-openapi';
import { listUnmirrored } from '../../operations/list-unmirrored.ts';
import { repairMirror, verifyMirror } from '../../operations/verify-execution.ts';
import type { Verified } from '../../operations/verify-execution.ts';
import { route } from '../route.ts';

const tag = 'executions';

export const verification = z
  .object({
    id: z.string(),
    state: z
      .enum(['open', 'ended', 'forgotten'])
      .openapi({ description: 'In Temporal; forgotten: its retention is over, nothing can be compared' }),
    agrees: z.boolean(),
    differences: z.array(
      z.object({
        path: z.string().nullable().openapi({ description: 'Of the task; null: of the execution itself' }),
        field: z.string(),
        temporal: z.unknown(),
        mirror: z.unknown(),
      }),
    ),
  })
  .openapi('Verification');

/** Routes that hold the mirror against Temporal's histories. */
export const verificationRoutes = [
  route(
    {
      method: 'get',
      path: '/executions/{id}/verification',
      permission: 'execution:read',
      tag,
      summary: 'Does the mirror say what the history does?',
      description:
        "Replays the execution's histories and compares every row with them. Of one that runs on, what has ended in it.",
      answers: { 200: { description: 'What was found', schema: verification } },
      problems: ['NOT_FOUND', 'TEMPORAL_UNAVAILABLE'],
    },
    async (c) => {
      const { id } = c.req.valid('param');
      return c.json(shown(await verifyMirror(c.get('services'), c.get('principal'), id)), 200);
    },
  ),
  route(
    {
      method: 'get',
      path: '/unmirrored',
      permission: 'execution:read',
      tag,
      summary: 'Executions that Temporal has and the mirror has not',
      description:
        'Started by others than Weft, or lost with a database that was put back to an older copy. At most 1,000.',
      answers: {
        200: {
          description: 'None, where all is well',
          schema: z
            .object({ items: z.array(z.object({ id: z.string(), runId: z.string(), startedAt: z.string() })) })
            .openapi('Unmirrored'),
        },
      },
      problems: ['TEMPORAL_UNAVAILABLE'],
    },
    async (c) => c.json({ items: [...(await listUnmirrored(c.get('services'), c.get('principal')))] }, 200),
  ),
  route(
    {
      method: 'post',
      path: '/executions/{id}/repair',
      permission: 'execution:repair',
      tag,
      summary: 'Make the mirror say what the history does',
      description: 'Rewrites what differs, also what was confirmed; recorded in the audit log.',
      answers: {
        200: {
          description: 'What was different, and what still is',
          schema: z.object({ before: verification, after: verification }).openapi('Repair'),
        },
      },
      problems: ['NOT_FOUND', 'TEMPORAL_UNAVAILABLE'],
    },
    async (c) => {
      const about = { id: c.req.valid('param').id, requestId: c.get('requestId') };
      const { before, after } = await repairMirror(c.get('services'), c.get('principal'), about);
      return c.json({ before: shown(before), after: shown(after) }, 200);
    },
  ),
];

function shown({ differences, ...verified }: Verified): z.input<typeof verification> {
  return { ...verified, differences: [...differences] };
}
