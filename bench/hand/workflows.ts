/** The hand-written workflows: what somebody writes who has Temporal and nothing else. */
import { condition, defineSignal, proxyActivities, proxyLocalActivities, setHandler } from '@temporalio/workflow';
import type { Order, StepResult } from '../step.ts';
import type { HandActivities } from './activities.ts';

/** As definitions have it when they say nothing. */
const OPTIONS = {
  startToCloseTimeout: '60s',
  retry: { maximumAttempts: 3, initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '60s' },
} as const;

const normal = proxyActivities<HandActivities>(OPTIONS);
const local = proxyLocalActivities<HandActivities>(OPTIONS);

const CALLS = { normal: normal.step, local: local.step, mirrored: normal.mirroredStep } as const;

/** How its tasks are called. */
export type Mode = keyof typeof CALLS;
export type HandInput = { readonly mode: Mode; readonly count: number; readonly order: Order };

export async function three({ mode, order }: HandInput): Promise<number> {
  const step = CALLS[mode];
  const a = await step({ number: 0, order });
  const b = await step({ number: a.number, order });
  return (await step({ number: b.number, order })).number;
}

export async function wide({ mode, count, order }: HandInput): Promise<number> {
  const step = CALLS[mode];
  const results = await Promise.all(Array.from({ length: count }, (_, number) => step({ number, order })));
  return results.length;
}

export async function long({ mode, count, order }: HandInput): Promise<number> {
  const step = CALLS[mode];
  const results: StepResult[] = [];
  for (let number = 0; number < count; number++) results.push(await step({ number, order }));
  return results.length;
}

export const approve = defineSignal<[{ readonly decision: 'approve'; readonly decidedBy: string }]>('approve');

export async function approval(): Promise<string> {
  let decidedBy: string | undefined;
  setHandler(approve, (decision) => {
    decidedBy = decision.decidedBy;
  });
  await condition(() => decidedBy !== undefined);
  return decidedBy ?? '';
}
