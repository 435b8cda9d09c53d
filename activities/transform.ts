import { z } from 'zod';
import { defineExecutor } from './define-executor.ts';

/** The `transform` executor: its value is what the definition's expressions made of it. */
export const transform = defineExecutor({
  name: 'transform',
  description: 'Gives back its value, whose expressions have been evaluated',
  input: z.strictObject({ value: z.unknown() }),
  local: true,
  run: ({ input }) => Promise.resolve(input.value ?? null),
});
