import { z } from 'zod';
import type { Template } from '../../plan/plan.ts';
import { durationTemplate, intervalTemplate, template } from './fields.ts';
import { callShape } from './task-base.ts';

const names = z
  .union([z.string(), z.array(z.string())], 'must be a list of names, or an expression that gives one')
  .meta({ examples: [['manager'], '{% $input.approvers %}'] });

const stage = {
  assignees: names.optional().describe('Users who may decide, by id, username or e-mail.'),
  candidateGroups: names.optional().describe('Groups or roles whose members may decide.'),
  deadline: durationTemplate.optional().describe('How long it may take. Default: for ever.'),
  onTimeout: z
    .enum(['fail', 'approve', 'reject', 'escalate'])
    .optional()
    .describe(
      'What happens at the deadline: the error APPROVAL_EXPIRED, a decision by system, or others who decide. Default fail.',
    ),
};

export type StageDefinition = z.output<z.ZodObject<typeof stage>> & { escalateTo?: StageDefinition | undefined };

/** Who decides, until when, and what then. */
export const stageShape = {
  ...stage,
  get escalateTo(): z.ZodOptional<z.ZodType<StageDefinition>> {
    return escalateTo.optional();
  },
};

const escalateTo: z.ZodType<StageDefinition> = z
  .strictObject(stageShape)
  .meta({ id: 'escalation', title: 'Escalation', description: 'Who decides after the deadline; votes are kept.' });

/** A call that is made again and again while nobody has decided. */
export const reminders = z
  .strictObject({
    every: intervalTemplate.describe('How long after the beginning, and after each call, the next one is made.'),
    ...callShape,
  })
  .meta({
    id: 'reminders',
    title: 'Reminders',
    description:
      'Calls made while it is open; with may read $approval {id, title, assignees, candidateGroups, deadline}.',
  });

/** Fields of an `approval` beside those of every task. */
export const approvalFields = {
  description: z.string().optional().describe('What is to be decided, at length; may hold expressions.'),
  ...stage,
  escalateTo: escalateTo.optional(),
  quorum: z
    .union([z.int().min(1).max(1_000), z.enum(['all', 'majority'])], 'must be a number from 1, all or majority')
    .optional()
    .describe('How many must approve, of the assignees. Default 1.'),
  selfApproval: z.boolean().optional().describe('Whether who started the execution may decide. Default false.'),
  form: (template as z.ZodType<Template>)
    .optional()
    .describe('JSON Schema (2020-12) of the data a decision carries; the approval page makes a form of it.'),
  reminders: reminders.optional(),
  onReject: z
    .enum(['fail', 'continue'])
    .optional()
    .describe('What a rejection does: the error APPROVAL_REJECTED, or an output that says so. Default fail.'),
};
