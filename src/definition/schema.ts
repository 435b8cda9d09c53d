import { z } from 'zod';
import type { Json } from '../contract.ts';
import { duration, name, retry, template, variables, version } from './schema/fields.ts';
import { task } from './schema/tasks.ts';

/** The native language, whole: what is saved, and what the JSON Schema for editors is made of. */
export const definition = z
  .strictObject({
    $schema: z.string().optional().describe('The JSON Schema of the language; read by editors only.'),
    name: name
      .optional()
      .describe('Unique; [a-z][a-z0-9-]* is advised. May be missing over HTTP, where the address has it.'),
    version: version.optional().describe('Unique per name and never changed. Default: the next number.'),
    title: z
      .string()
      .max(200)
      .refine((text) => text.trim() !== '', 'must not be empty')
      .optional()
      .describe('For people.'),
    description: z.string().max(10_000).optional().describe('For people, at length.'),
    category: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe('Where it belongs, such as finance; lists are filtered by it.'),
    tags: z.array(z.string().min(1).max(100)).max(50).optional().describe('To find it by.'),
    input: z
      .union([z.record(z.string(), z.unknown()), z.boolean()], 'must be a JSON Schema')
      .optional()
      .describe('JSON Schema (2020-12) of the input; an execution with bad input is not made.') as z.ZodType<
      Json | undefined
    >,
    vars: variables.optional().describe('First values of $vars; may read $input and $execution.'),
    timeout: duration
      .optional()
      .describe('How long the whole execution may take; then it ends as timeout. Default: for ever.'),
    defaults: z
      .strictObject({
        timeout: duration.optional().describe('How long one attempt may take.'),
        heartbeatTimeout: duration
          .optional()
          .describe('How long an attempt may give no sign of life before it is lost.'),
        retry: retry.optional(),
      })
      .optional()
      .describe('For all executor tasks in it; a task goes over it.'),
    tasks: z.array(task).min(1).describe('In order; each waits for the one above unless it names its dependencies.'),
    output: template.optional().describe("Output of the execution. Default: the last task's."),
  })
  .meta({ title: 'Weft definition', description: 'A workflow that Weft runs.' });

export type Definition = z.output<typeof definition>;
