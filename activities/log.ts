import { z } from 'zod';
import { defineExecutor } from './define-executor.ts';

/** The `log` executor: a line in the execution's log. */
export const log = defineExecutor({
  name: 'log',
  description: "Writes a line into the execution's log",
  input: z.strictObject({
    level: z.enum(['debug', 'info', 'warning', 'error', 'critical']).default('info'),
    message: z.string(),
    data: z.unknown().optional().describe('kept beside the message'),
  }),
  local: true,
  run: ({ input, log }) => {
    log(input.level, input.message, input.data);
    return Promise.resolve(null);
  },
});
