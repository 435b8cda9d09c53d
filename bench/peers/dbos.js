/** The process of `dbos`: the workflows as a user of DBOS writes them, and HTTP that starts one and answers at its end. */
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { DBOS } from '@dbos-inc/dbos-sdk';
// As `npm run bench` compiles it.
import { work } from '../../dist/bench/step.js';

/** @param {import('../step.ts').StepInput} input */
const step = (input) => DBOS.runStep(() => Promise.resolve(work(input)), { name: 'step' });

/** @typedef {{ count: number, order: import('../step.ts').Order }} Input */

const WORKFLOWS = {
  /** @param {Input} input */
  three: async ({ order }) => {
    const a = await step({ number: 0, order });
    const b = await step({ number: a.number, order });
    return (await step({ number: b.number, order })).number;
  },
  /** @param {Input} input */
  wide: async ({ count, order }) => {
    const results = await Promise.all(Array.from({ length: count }, (_, number) => step({ number, order })));
    return results.length;
  },
  /** @param {Input} input */
  long: async ({ count, order }) => {
    const results = [];
    for (let number = 0; number < count; number++) results.push(await step({ number, order }));
    return results.length;
  },
};

const registered = new Map(
  Object.entries(WORKFLOWS).map(([name, workflow]) => [name, DBOS.registerWorkflow(workflow, { name })]),
);
DBOS.setConfig({ name: 'weft-bench', systemDatabaseUrl: process.env.DATABASE_URL, logLevel: 'warn' });
await DBOS.launch();

/** @param {import('node:http').IncomingMessage} request `POST /three` with its input */
async function run(request) {
  const workflow = registered.get(request.url.slice(1));
  const handle = await DBOS.startWorkflow(workflow)(await json(request));
  return await handle.getResult();
}

const server = createServer((request, response) => {
  run(request).then(
    (result) => response.end(JSON.stringify(result)),
    (error) => response.writeHead(500).end(String(error)),
  );
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.stdout.write('worker ready\n'));
process.once('SIGTERM', () => void DBOS.shutdown().finally(() => process.exit(0)));
