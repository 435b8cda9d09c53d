import { z } from 'zod';
import { caughtCode, expression, expressionText, identifier, template } from './fields.ts';
import { approval, emit, end, event, executor, fail, set, subWorkflow, wait } from './leaf-tasks.ts';
import { base, common, limited, shaped } from './task-base.ts';

const WIDEST = 2_000;
const LARGEST_BATCH = 10_000;
const MOST_ITERATIONS = 1_000_000;
const MOST_CLAUSES = 100;

const maxConcurrency = z.int().min(1).max(WIDEST).optional().describe('How many run at a time. Default 100.');

const conditionHead = {
  ...base,
  ...shaped,
  ...limited,
  type: z.literal('condition'),
  if: expression.describe('True takes then, anything else takes else.'),
};
const caseHead = { when: expression.describe('The first case for which it is true is taken.') };
const switchHead = { ...common, type: z.literal('switch') };
const sequentialHead = { ...common, type: z.literal('sequential') };
const parallelHead = {
  ...common,
  type: z.literal('parallel'),
  join: z
    .union(
      [z.enum(['all', 'any']), z.strictObject({ count: z.int().min(1).describe('How many branches must succeed.') })],
      'must be all, any or {count: how many}',
    )
    .optional()
    .describe('How many branches must succeed before the others are cancelled. Default all.'),
  maxConcurrency,
};
/** Failed iterations of a `foreach`. */
export const tolerate = z
  .strictObject({
    failures: z.int().min(0).optional().describe('How many iterations may fail; or percent.'),
    percent: z.number().min(0).max(100).optional().describe('How many of a hundred may fail; or failures.'),
  })
  .describe('Failed iterations that are put up with; their output is {error}. Default: none.');
const foreachHead = {
  ...common,
  type: z.literal('foreach'),
  items: z
    .union([expressionText, z.array(template)], 'must be a list, or one expression that gives one')
    .describe('A list, or one expression that gives one: {% $input.orders %}.'),
  as: identifier.optional().describe('Name for the item, beside $item: as: order gives $order.'),
  maxConcurrency,
  collect: z
    .enum(['all', 'last', 'none'])
    .optional()
    .describe('Which outputs it puts out, in the order of the items. Default all.'),
  batch: z
    .int()
    .min(1)
    .max(LARGEST_BATCH)
    .optional()
    .describe('How many items an iteration gets at once: $item is then a list of them. Default: one, not in a list.'),
  tolerate: tolerate.optional(),
};
const loopHead = {
  ...common,
  type: z.literal('loop'),
  while: expression
    .optional()
    .describe(
      'Asked before each iteration, which it needs true; reads $index and the last $result. Exactly one of while and until.',
    ),
  until: expression
    .optional()
    .describe(
      'Asked after each iteration, true ends the loop; reads $index and its $result. Exactly one of while and until.',
    ),
  maxIterations: z.int().min(1).max(MOST_ITERATIONS).describe('One more than that is the error LOOP_LIMIT.'),
};
const clauseHead = {
  errors: z.array(caughtCode).min(1).max(MOST_CLAUSES).describe('Codes of errors; * is any of them.'),
  when: expression.optional().describe('Only where it is true; reads $error {code, detail, task, attempt}.'),
  as: identifier.optional().describe('Name for the error, beside $error: as: e gives $e.'),
};
const tryHead = {
  ...common,
  type: z.literal('try'),
  onFailure: z
    .enum(['compensate'])
    .optional()
    .describe('compensate: when it fails, what finished in it is taken back, the last first.'),
};

type Head<Shape extends z.ZodRawShape> = z.output<z.ZodObject<Shape, z.core.$strict>>;
type Leaf = z.output<
  | typeof executor
  | typeof set
  | typeof wait
  | typeof event
  | typeof emit
  | typeof subWorkflow
  | typeof approval
  | typeof fail
  | typeof end
>;
type CaseDefinition = Head<typeof caseHead> & { tasks: TaskDefinition[] };
type ClauseDefinition = Head<typeof clauseHead> & { tasks: TaskDefinition[] };
export type TaskDefinition =
  | Leaf
  | (Head<typeof conditionHead> & { then: TaskDefinition[]; else?: TaskDefinition[] | undefined })
  | (Head<typeof switchHead> & { cases: CaseDefinition[]; default?: TaskDefinition[] | undefined })
  | (Head<typeof sequentialHead> & { tasks: TaskDefinition[] })
  | (Head<typeof parallelHead> & { branches: Record<string, TaskDefinition[]> })
  | (Head<typeof foreachHead> & { tasks: TaskDefinition[] })
  | (Head<typeof loopHead> & { tasks: TaskDefinition[] })
  | (Head<typeof tryHead> & {
      tasks: TaskDefinition[];
      catch?: ClauseDefinition[] | undefined;
      finally?: TaskDefinition[] | undefined;
    });

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

/** One way of a `switch`. */
export const switchCase = z.strictObject({
  ...caseHead,
  get tasks(): Tasks {
    return taskList().describe('When it is taken.');
  },
});

const switchTask = z
  .strictObject({
    ...switchHead,
    get cases(): z.ZodType<CaseDefinition[]> {
      return z.array(switchCase).min(1).max(MOST_CLAUSES).describe('Ways, asked one after the other.');
    },
    get default(): z.ZodOptional<Tasks> {
      return taskList().optional().describe('When no case is taken.');
    },
  })
  .meta({ title: 'switch: the first of several ways' });

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

const loop = z
  .strictObject({
    ...loopHead,
    get tasks(): Tasks {
      return taskList().min(1).describe('Again and again; $index holds inside, variables are shared.');
    },
  })
  .meta({ title: 'loop: its tasks while, or until' });

/** What a `try` does about some errors. */
export const catchClause = z.strictObject({
  ...clauseHead,
  get tasks(): Tasks {
    return taskList().describe("What is done about it; its output is the try's.");
  },
});

const tryTask = z
  .strictObject({
    ...tryHead,
    get tasks(): Tasks {
      return taskList().min(1).describe('What may fail.');
    },
    get catch(): z.ZodOptional<z.ZodType<ClauseDefinition[]>> {
      return z.array(catchClause).max(MOST_CLAUSES).optional().describe('The first clause that fits is taken.');
    },
    get finally(): z.ZodOptional<Tasks> {
      return taskList().optional().describe('Runs in every case, also when the execution is cancelled.');
    },
  })
  .meta({ title: 'try: catches errors' });

/** Every task type; a definition's task is one of them. */
export const taskTypes = {
  executor,
  set,
  condition,
  switch: switchTask,
  sequential,
  parallel,
  foreach,
  loop,
  try: tryTask,
  approval,
  wait,
  event,
  emit,
  sub_workflow: subWorkflow,
  fail,
  end,
};

export const task: z.ZodType<TaskDefinition> = z
  .discriminatedUnion('type', [
    ...([executor, set, condition, switchTask, sequential, parallel, foreach, loop, tryTask] as const),
    ...([approval, wait, event, emit, subWorkflow, fail, end] as const),
  ])
  .meta({ id: 'task', title: 'Task' });

function taskList(): z.ZodArray<typeof task> {
  return z.array(task);
}
