import { z } from 'zod';
import { defineExecutor } from '../../activities/define-executor.ts';
import { takeLease } from '../../src/store/leases.ts';
import { createReader } from './reader.ts';
import { createStack, poll } from './stack.ts';

const DEFINITIONS: { readonly [name: string]: string } = {
  asks: `
tasks:
  - id: ask
    type: approval
    title: May I
    assignees: [manager, boss]
    quorum: 2
    deadline: 72h
    onTimeout: reject
    form: { type: object, required: [why] }
`,
  listens: `
tasks:
  - { id: paid, type: event, name: order.paid, key: "{% 'o 1' %}", count: 3, totalTimeout: 1h }
`,
  naps: 'tasks: [{ id: nap, type: wait, for: 1h }]',
  parent: 'tasks: [{ id: child, type: sub_workflow, workflow: naps }]',
  works: `
tasks:
  - { id: job, type: executor, executor: gate, local: false, timeout: 50s, with: { open: false } }
`,
  elsewhere: 'tasks: [{ id: job, type: executor, executor: gate, taskQueue: nobody-here, with: { open: false } }]',
  flaky: `
tasks:
  - { id: job, type: executor, executor: fails, local: false, retry: { maxAttempts: 4, initialInterval: 1h } }
`,
  fails: `
input: { type: object }
tasks:
  - { id: job, type: executor, executor: fails, local: false, retry: { maxAttempts: 1 } }
`,
  shards: `
tasks:
  - id: each
    type: foreach
    items: "{% [1..6000] %}"
    maxConcurrency: 25
    collect: none
    tasks: [{ id: job, type: executor, executor: gate, local: false, with: { open: false } }]
`,
};

const released = new AbortController();
const gate = defineExecutor({
  name: 'gate',
  description: 'Runs until it is let go',
  input: z.object({ open: z.boolean() }),
  run: ({ signal }) =>
    new Promise((resolve, reject) => {
      released.signal.addEventListener('abort', () => resolve(null));
      signal.addEventListener('abort', () => reject(new Error('aborted')));
    }),
});
const fails = defineExecutor({
  name: 'fails',
  description: 'Always',
  input: z.unknown(),
  run: () => Promise.reject(Object.assign(new Error('no such account'), { code: 'NO_ACCOUNT' })),
});

/** A stack with executions of every kind to ask about, and the ways to ask. */
export async function createWhyStack() {
  const stack = await createStack([gate, fails]);
  // Somebody else is the sweeper, and sweeps nothing: what ended in Temporal alone stays unknown until it is asked about.
  await stack.database.asEngine((session) => takeLease(session, { name: 'sweeper', holder: 'idle', seconds: 600 }));
  const read = await createReader(stack, stack.reconcile());
  for (const [name, text] of Object.entries(DEFINITIONS)) await stack.save(name, text);
  const why = async (id: string) => (await read(`/executions/${id}/why`)).body;
  const whyWhen = (id: string, isWanted: (answer: any) => boolean) => poll(() => why(id), isWanted);
  return {
    stack,
    read,
    why,
    whyWhen,
    /** Once it waits for something of that kind, of which all is known that is wanted. */
    waiting: async (id: string, kind: string, isKnown: (wait: any) => boolean = () => true) => {
      const isWanted = (wait: { kind: string }) => wait.kind === kind && isKnown(wait);
      const answer = await whyWhen(id, ({ waits }) => waits.some(isWanted));
      return { answer, wait: answer.waits.find(isWanted) };
    },
    /** What it would answer with Temporal away. */
    whyAway: async (id: string) => {
      await stack.proxy.away();
      return why(id).finally(() => stack.proxy.back());
    },
    close: async () => {
      released.abort();
      await stack.close();
    },
  };
}
