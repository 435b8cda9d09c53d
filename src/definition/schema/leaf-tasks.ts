import { z } from 'zod';
import { approvalFields } from './approval.ts';
import {
  duration,
  durationTemplate,
  errorCode,
  eventName,
  expression,
  retry,
  template,
  timeTemplate,
  variables,
  version,
  workflowName,
} from './fields.ts';
import { base, callShape, common, limited, shaped, skippable } from './task-base.ts';

const eventKey = z.string().min(1).max(512).optional();

export const executor = z
  .strictObject({
    ...common,
    type: z.literal('executor'),
    ...callShape,
    local: z
      .boolean()
      .optional()
      .describe(
        'Whether it runs as a local activity, which is quicker: only what is short and may run twice. Default: as the executor says, where nothing can run beside it.',
      ),
  })
  .meta({ title: 'executor: calls an activity' });

export const set = z
  .strictObject({ ...common, type: z.literal('set'), vars: variables })
  .meta({ title: 'set: sets variables' });

export const wait = z
  .strictObject({
    ...common,
    type: z.literal('wait'),
    for: durationTemplate.optional().describe('How long. Exactly one of for and until.'),
    until: timeTemplate.optional().describe('Until when. Exactly one of for and until.'),
  })
  .meta({ title: 'wait: a durable timer' });

export const event = z
  .strictObject({
    ...common,
    type: z.literal('event'),
    name: eventName.describe('Name of the event it waits for.'),
    key: eventKey.describe(
      'Only events of the same key, such as the number of an order; may hold expressions. Default: any.',
    ),
    where: expression.optional().describe('Only events for which it is true; reads $event {id, name, key, data, at}.'),
    count: z
      .int()
      .min(1)
      .max(10_000)
      .optional()
      .describe('How many it waits for; over 1 its output is a list. Default 1.'),
  })
  .meta({ title: 'event: waits for an event' });

export const emit = z
  .strictObject({
    ...common,
    type: z.literal('emit'),
    name: eventName.describe('Name of the event.'),
    key: eventKey.describe('Whom it concerns, such as the number of an order; may hold expressions.'),
    data: template.describe('What it carries: $event.data, and the output of who waits.'),
  })
  .meta({ title: 'emit: sends an event' });

export const subWorkflow = z
  .strictObject({
    ...common,
    type: z.literal('sub_workflow'),
    workflow: workflowName.describe('Name of the workflow.'),
    version: version.optional().describe('Default: the current one.'),
    input: template.optional().describe('Its input. Default {}.'),
    mode: z
      .enum(['wait', 'detach'])
      .optional()
      .describe('wait: its output is that of the child. detach: it goes on at once, with {executionId}. Default wait.'),
    onParentClose: z
      .enum(['cancel', 'terminate', 'abandon'])
      .optional()
      .describe('What becomes of a child still running when this one ends. Default cancel, of a detached one abandon.'),
    timeout: duration.optional().describe('How long one child may take. Default: for ever.'),
    retry: retry.optional(),
  })
  .meta({ title: 'sub_workflow: an execution of its own' });

export const approval = z
  .strictObject({ ...base, ...skippable, ...shaped, type: z.literal('approval'), ...approvalFields })
  .meta({ title: 'approval: waits for people' });

export const fail = z
  .strictObject({
    ...common,
    type: z.literal('fail'),
    code: errorCode.describe("The error's code, as a catch, retry.nonRetryable and $tasks.<id>.error.code see it."),
    detail: z.string().max(2_000).optional().describe('For people, as detail of the error; may hold expressions.'),
  })
  .meta({ title: 'fail: ends with a named error' });

export const end = z
  .strictObject({
    ...base,
    ...skippable,
    ...limited,
    type: z.literal('end'),
    output: template.optional().describe('Output of the execution. Default null.'),
  })
  .meta({ title: 'end: ends the execution successfully, early' });
