import { z } from 'zod';
import { duration, expression, identifier, retry, template } from './fields.ts';

/** On a task queue of one's own any name will do; the engine's activities must not be reached by any. */
const activityName = z
  .string()
  .regex(/^\w[\w.:/$-]{0,127}$/, 'must have 1 to 128 letters, digits and _ . : / $ -')
  .refine((name) => !/^(?:weft\.|__temporal)/.test(name), "must not be one of the engine's own");

/** Fields of whatever calls an executor. */
export const callShape = {
  executor: activityName.describe('Name of what is called: http, transform, log, notify or your own.'),
  with: template.optional().describe('Its input, as the schema of the executor says (GET /executors).'),
  taskQueue: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,199}$/, 'must have 1 to 200 letters, digits and _ . : / -')
    .optional()
    .describe('Another task queue, served by a worker in any language.'),
  timeout: duration
    .optional()
    .describe("How long one attempt may take. Default: the definition's, the executor's, or 60s."),
  heartbeatTimeout: duration
    .optional()
    .describe('How long an attempt may give no sign of life before it is lost; only for what sends heartbeats.'),
  retry: retry.optional(),
};

/** A call beside a task's own work. */
export type CallDefinition = z.output<z.ZodObject<typeof callShape, z.core.$strict>>;

const compensation = z.strictObject(callShape).meta({
  id: 'compensation',
  title: 'Compensation',
  description: 'What takes back what the task did; its with may read $result, what was kept of the task.',
});

/** Fields of every task. */
export const base = {
  id: identifier.describe('Unique in the definition; $tasks.<id> reads it.'),
  title: z.string().max(500).optional().describe('For people; may hold expressions.'),
  dependencies: z
    .array(z.string())
    .optional()
    .describe('Siblings it waits for; [] starts at once. Without it, it waits for the task above.'),
  next: z
    .string()
    .min(1)
    .optional()
    .describe('Sibling that comes next instead of the task below; end leaves the list. Not beside dependencies.'),
  onError: z
    .enum(['continue'])
    .optional()
    .describe('continue: a failure that is left after the retries is kept as output {error} and the list goes on.'),
  compensate: compensation.optional(),
};
export const skippable = {
  if: expression.optional().describe('Without it, or when true, the task runs; else it is skipped.'),
};
export const shaped = {
  output: template.optional().describe('What is kept of it; reads $result, the raw result. Default: the result.'),
};
export const limited = {
  totalTimeout: duration
    .optional()
    .describe('How long the whole task may take, with all attempts and all that is in it. Default: for ever.'),
};
/** What most types of task have. */
export const common = { ...base, ...skippable, ...shaped, ...limited };
