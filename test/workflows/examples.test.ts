import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/contract.ts';
import type { FakeExecutor } from './fake-world.ts';
import type { Start } from './run-definition.ts';
import { runDefinition } from './run-definition.ts';

type Logged = { readonly message: string };

/** Runs one of the examples with its built-in executors, and gives what it logged, too. */
async function run(name: string, input: Json, more: Start = {}) {
  const logged: string[] = [];
  const executors: { readonly [name: string]: FakeExecutor } = {
    transform: ({ input }) => (input as { readonly value: Json }).value,
    log: ({ input: line }) => {
      logged.push((line as Logged).message);
      return null;
    },
  };
  // The harness has a name of its own for it.
  const source = readFileSync(`examples/${name}.yaml`, 'utf8').replace(`\nname: ${name}\n`, '\n');
  const result = await runDefinition(source, { ...more, input, executors });
  return { ...result, logged };
}

const output = async (name: string, input: Json): Promise<unknown> => {
  const { ending } = await run(name, input);
  expect(ending).toMatchObject({ status: 'success' });
  return 'output' in ending ? ending.output : undefined;
};

describe('the examples, in virtual time', () => {
  it('switch', async () => {
    expect(await output('switch', { grams: 9_000, express: true })).toEqual({
      carrier: 'courier',
      days: 1,
      price: 19.9,
    });
    expect(await output('switch', { grams: 500 })).toEqual({ carrier: 'post', days: 3, price: 2.5 });
    expect(await output('switch', { grams: 2_000 })).toEqual({ carrier: 'freight', days: 5, price: 6.4 });
  });

  it('loop', async () => {
    expect(await output('loop', { number: 2 })).toEqual({ root: 1.4142, iterations: 4 });
    expect(await output('loop', { number: 1_000_000 })).toMatchObject({ root: 1_000 });
  });

  it('try-and-compensate', async () => {
    const booked = await run('try-and-compensate', { city: 'Ulm' });
    expect(booked.ending).toMatchObject({ output: { booked: true, parts: ['hotel in Ulm', 'train to Ulm'] } });
    expect(booked.logged).toEqual(['Done with Ulm']);
    const soldOut = await run('try-and-compensate', { city: 'Ulm', soldOut: true });
    expect(soldOut.ending).toMatchObject({ output: { booked: false, why: 'No seats in Ulm' } });
    expect(soldOut.logged).toEqual(['Cancelled: train to Ulm', 'Cancelled: hotel in Ulm', 'Done with Ulm']);
  });

  it('event-and-emit', async () => {
    expect(await output('event-and-emit', {})).toEqual(['books', 'shoes', 'lamp']);
    expect(await output('event-and-emit', { parcels: ['a', 'b', 'c'] })).toEqual(['a', 'b', 'c']);
  });

  it('race', async () => {
    const silent = await run('race', {});
    expect(silent.ending).toMatchObject({ status: 'success', output: 'Nobody answered' });
    expect(silent.took).toBe(2_000);
    expect(silent.rows).toMatchObject({ '/first/answer/listen': 'cancelled', '/first/silence/none': 'success' });
    const answered = await run(
      'race',
      { patience: '1h' },
      {
        script: (world, at) => world.time.at(at + 500, () => void world.events.send('answer', 'yes', 'e1')),
      },
    );
    expect(answered.ending).toMatchObject({ status: 'success', output: 'yes' });
    expect(answered.took).toBeLessThan(1_000);
  });

  it('state-machine', async () => {
    const long = 'This text has a few words more than anybody wants to read at once.';
    const { ending, logged, rows } = await run('state-machine', { text: long });
    expect(ending).toMatchObject({ status: 'success', output: { published: 'This text has a ', corrections: 2 } });
    expect(logged).toEqual(['Published: This text has a ']);
    expect(rows).toMatchObject({
      '/review': 'success',
      '/review~3': 'success',
      '/publish': 'skipped',
      '/publish~3': 'success',
    });
    expect(await output('state-machine', { text: long, longest: 1 })).toEqual({ published: null, corrections: 3 });
  });

  it('batches', async () => {
    const numbers = [1, 2, 3, 4, -5, 6, 7];
    expect(await output('batches', { numbers })).toEqual({ total: 13, refused: ['In batch 1'] });
    expect((await run('batches', { numbers: [-1, 1, 1, -1] })).ending).toMatchObject({ error: { code: 'NEGATIVE' } });
  });

  it('early-end', async () => {
    expect(await output('early-end', { number: 1, known: [1, 2] })).toEqual({ new: false });
    expect(await output('early-end', { number: 3, known: [1, 2] })).toEqual({ new: true });
  });

  it('sub-workflow and its child', async () => {
    const children = {
      hello: () => undefined,
      'sub-workflow-line': (input: Json) => {
        const { price, count } = input as { readonly price: number; readonly count: number };
        return { after: 50, end: { status: 'success' as const, output: { total: price * count } } };
      },
    };
    const lines = [
      { price: 2, count: 3 },
      { price: 5, count: 1 },
    ];
    const { ending } = await run('sub-workflow', { customer: 'Ada', lines }, { children });
    expect(ending).toMatchObject({ status: 'success', output: { total: 11, thanks: 'e1~thank' } });
    expect(await output('sub-workflow-line', { price: 2.5, count: 3 })).toEqual({ total: 7.5 });
  });

  it('reminders', async () => {
    const { ending, logged, took } = await run('reminders', { question: 'May I?', who: 'boss' });
    expect(ending).toMatchObject({ status: 'success', output: { decision: 'approve', by: 'system' } });
    expect(logged).toEqual(Array<string>(4).fill('boss, please: May I?'));
    expect(took).toBe(5_000);
  });

  it('hello and parallel-map', async () => {
    expect(await output('hello', { name: ' Ada ' })).toBe('Hello, Ada!');
    expect(await output('parallel-map', { numbers: [1, 2, 3] })).toEqual({ squares: [1, 4, 9], total: 14, largest: 9 });
  });
});
