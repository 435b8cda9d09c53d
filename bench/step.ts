/** The work of every task, the same for all variants: none. `WEFT_EXECUTORS` names this module, hand-written activities import it. */
import { z } from 'zod';
import { defineExecutor } from '../activities/define-executor.ts';

export type Order = { readonly id: string; readonly customer: string; readonly lines: readonly string[] };
export type StepInput = { readonly number: number; readonly order: Order };
export type StepResult = { readonly number: number; readonly order: string };

/** What every execution is given: 200 bytes, as a small order has. */
export const ORDER: Order = {
  id: 'order-2026-000117',
  customer: 'Ada Lovelace, 12 St James Square, London',
  lines: ['1 × loom, oak, 1.20 m', '4 × shuttle, boxwood', '12 × warp yarn, linen, 500 m', '1 × pattern: damask'],
};

export function work({ number, order }: StepInput): StepResult {
  return { number: number + 1, order: order.id };
}

export const step = defineExecutor({
  name: 'step',
  description: 'Counts one up',
  input: z.object({
    number: z.number(),
    order: z.object({ id: z.string(), customer: z.string(), lines: z.array(z.string()) }),
  }),
  local: true,
  run: ({ input }) => Promise.resolve(work(input)),
});
