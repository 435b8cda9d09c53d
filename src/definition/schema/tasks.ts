import { z } from 'zod';
import { approvalFields } from './approval.ts';
import {
  duration,
  durationTemplate,
  errorCode,
  expression,
  expressionText,
  identifier,
  retry,
  template,
  timeTemplate,
  variables,
} from './fields.ts';

const WIDEST = 2_000;

const base = {
  id: identifier.describe('Unique in the definition; $tasks.<id> reads it.'),
  title: z.string().max(500).optional().describe('For people; may hold expressions.'),
  dependencies: z
    .array(z.string())
    .optional()
    .describe('Siblings it waits for; [] starts at once. Without it, it waits for the task above.'),
  onError: z
    .enum(['continue'])
    .optional()
    .describe('continue: a failure is kept as output {error} and the list goes on.'),
};
const skippable = {
  if: expression.optional().describe('Without it, or when true, the task runs; else it is skipped.'),
};
const shaped = { output: template.optional().describe('What is kept of it; $result is the raw result.') };
const limited = { totalTimeout: duration.optional().describe('How long the whole task may take.') };
const common = { ...base, ...skippable, ...shaped, ...limited };
const maxConcurrency = z.int().min(1).max(WIDEST).optional().describe('How many run at a time. Default 100.');

/** On a task queue of one's own any name will do; the engine's activities must not be reached by any. */
const activityName = z
  .string()
  .regex(/^\w[\w.:/$-]{0,127}$/, 'must have 1 to 128 letters, digits and _ . : / $ -')
  .refine((name) => !/^(?:weft\.|__temporal)/.test(name), "must not be one of the engine's own");

const executor = z
  .strictObject({
    ...common,
    type: z.literal('executor'),
    executor: activityName.describe('Name of what is called: http, transform, log, notify or your own.'),
    with: template.optional().describe('Its input.'),
    taskQueue: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,199}$/, 'must have 1 to 200 letters, digits and _ . : / -')
      .optional()
      .describe('Another task queue, served by a worker in any language.'),
    timeout: duration.optional().describe('How long one attempt may take. Default 60s.'),
    heartbeatTimeout: duration.optional().describe('How long an attempt may be silent.'),
    retry: retry.optional(),
    local: z.boolean().optional().describe('Whether it may run as a local activity: short and idempotent.'),
  })
  .meta({ title: 'executor: calls an activity' });

const set = z
  .strictObject({ ...common, type: z.literal('set'), vars: variables })
  .meta({ title: 'set: sets variables' });

const wait = z
  .strictObject({
    ...common,
    type: z.literal('wait'),
    for: durationTemplate.optional().describe('How long; or until.'),
    until: timeTemplate.optional().describe('Until when; or for.'),
  })
  .meta({ title: 'wait: a durable timer' });

const approval = z
  .strictObject({ ...base, ...skippable, ...shaped, type: z.literal('approval'), ...approvalFields })
  .meta({ title: 'approval: waits for people' });

const fail = z
  .strictObject({
    ...common,
    type: z.literal('fail'),
    code: errorCode.describe("The error's code, as retry.nonRetryable and $tasks.<id>.error.code see it."),
    detail: z.string().max(2_000).optional().describe('For people; may hold expressions.'),
  })
  .meta({ title: 'fail: ends with a named error' });

const end = z
  .strictObject({
    ...base,
    ...skippable,
    ...limited,
    type: z.literal('end'),
    output: template.optional().describe('Output of the execution.'),
  })
  .meta({ title: 'end: ends the execution successfully, early' });

const conditionHead = {
  ...base,
  ...shaped,
  ...limited,
  type: z.literal('condition'),
  if: expression.describe('Which way.'),
};
const sequentialHead = { ...common, type: z.literal('sequential') };
const parallelHead = {
  ...common,
  type: z.literal('parallel'),
  join: z.enum(['all']).optional().describe('It waits for all branches.'),
  maxConcurrency,
};
const foreachHead = {
  ...common,
  type: z.literal('foreach'),
  items: z
    .union([expressionText, z.array(template)], 'must be a list, or one expression that gives one')
    .describe('A list, or one expression that gives one: {% $input.orders %}.'),
  as: identifier.optional().describe('Name for the item, beside $item: as: order gives $order.'),
  maxConcurrency,
  collect: z.enum(['all', 'last', 'none']).optional().describe('Which outputs it puts out. Default all, in order.'),
};

type Head<Shape extends z.ZodRawShape> = z.output<z.ZodObject<Shape, z.core.$strict>>;
type Leaf = z.output<typeof executor | typeof set | typeof wait | typeof approval | typeof fail | typeof end>;
export type TaskDefinition =
  | Leaf
  | (Head<typeof conditionHead> & { then: TaskDefinition[]; else?: TaskDefinition[] | undefined })
  | (Head<typeof sequentialHead> & { tasks: TaskDefinition[] })
  | (Head<typeof parallelHead> & { branches: Record<string, TaskDefinition[]> })
  | (Head<typeof foreachHead> & { tasks: TaskDefinition[] });

type Tasks = z.ZodType<TaskDefinition[]>;

const condition = z
  .strictObject({
    ...conditionHead,
    get then(): Tasks {
      return taskList().describe('When it is true.');
    },
    get else(): z.ZodOptional<Tasks> {
      return taskList().optional().describe('When it is not.');
    },
  })
  .meta({ title: 'condition: two ways' });

const sequential = z
  .strictObject({
    ...sequentialHead,
    get tasks(): Tasks {
      return taskList().min(1).describe('They run as a list of their own.');
    },
  })
  .meta({ title: 'sequential: a group' });

const parallel = z
  .strictObject({
    ...parallelHead,
    get branches(): z.ZodType<Record<string, TaskDefinition[]>> {
      return z
        .record(identifier, taskList().min(1))
        .refine((branches) => Object.keys(branches).length > 0, 'must have a branch')
        .describe('Tasks by name of the branch; each has its own copy of the variables.');
    },
  })
  .meta({ title: 'parallel: branches side by side, output {name: output}' });

const foreach = z
  .strictObject({
    ...foreachHead,
    get tasks(): Tasks {
      return taskList().min(1).describe('Once for each item; $item and $index hold inside.');
    },
  })
  .meta({ title: 'foreach: its tasks once for each item' });

/** Every task type; a definition's task is one of them. */
export const taskTypes = { executor, set, condition, sequential, parallel, foreach, approval, wait, fail, end };

export const task: z.ZodType<TaskDefinition> = z
  .discriminatedUnion('type', [executor, set, condition, sequential, parallel, foreach, approval, wait, fail, end])
  .meta({ id: 'task', title: 'Task' });

function taskList(): z.ZodArray<typeof task> {
  return z.array(task);
}
