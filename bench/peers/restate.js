/** The process of `restate` and `restate call`: the services as a user of Restate writes them. */
import { createServer } from 'node:http2';
import { createEndpointHandler, RestatePromise, service } from '@restatedev/restate-sdk';
// As `npm run bench` compiles it.
import { work } from '../../dist/bench/step.js';

// The SDK calls what Node has from 22 on.
Promise.withResolvers ??= () => {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
};

const steps = service({
  name: 'steps',
  handlers: {
    /** @param {import('../step.ts').StepInput} input */
    step: (_, input) => Promise.resolve(work(input)),
  },
});

/** How a task is done: by the workflow's own process, or by a call to another service. */
const MODES = {
  run: (context, input) => context.run('step', () => work(input)),
  call: (context, input) => context.serviceClient(steps).step(input),
};

/** @typedef {{ mode: 'run' | 'call', count: number, order: import('../step.ts').Order }} Input */

const workflows = service({
  name: 'workflows',
  handlers: {
    /** @param {Input} input */
    three: async (context, { mode, order }) => {
      const step = MODES[mode];
      const a = await step(context, { number: 0, order });
      const b = await step(context, { number: a.number, order });
      return (await step(context, { number: b.number, order })).number;
    },
    /** @param {Input} input */
    wide: async (context, { mode, count, order }) => {
      const step = MODES[mode];
      const calls = Array.from({ length: count }, (_, number) => step(context, { number, order }));
      return (await RestatePromise.all(calls)).length;
    },
    /** @param {Input} input */
    long: async (context, { mode, count, order }) => {
      const step = MODES[mode];
      const results = [];
      for (let number = 0; number < count; number++) results.push(await step(context, { number, order }));
      return results.length;
    },
  },
});

const server = createServer(createEndpointHandler({ services: [steps, workflows] }));
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.stdout.write('services ready\n'));
