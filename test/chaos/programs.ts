import type { Json } from '../../src/contract.ts';

/** A definition that the load runs, and what must have come of it when nobody interfered. */
export type Program = {
  readonly name: string;
  /** Of 100 executions, about. @default none: it is started by those who ask for it */
  readonly share?: number;
  readonly tasks: string;
  readonly output: string;
  readonly status: 'success' | 'failed';
  /** Path of the task (in the execution itself) → what it has to have done at the provider, called `<id>/<effect>`. */
  readonly effects: { readonly [path: string]: string };
  readonly expected: (id: string) => Json;
  /** Sends the event that it waits for. */
  readonly needsEvent?: true;
};

const RETRY = 'retry: { maxAttempts: 0, initialInterval: 200ms, maximumInterval: 1s }';

/** A call of the provider. @param query what the provider is asked to do with it */
function call(id: string, effect = id, query = ''): string {
  return `{ id: ${id}, type: executor, executor: http, timeout: 4s, heartbeatTimeout: 3s, ${RETRY}, ${withOf(effect, query)}, output: '{% $result.body.id %}' }`;
}

function withOf(effect: string, query = ''): string {
  return `with: { method: POST, url: '{% $input.url %}/{% $execution.id %}/${effect}${query}', body: {} }`;
}

const receipt = (id: string, path: string): string => `receipt-${id}${path}`;

export const programs: readonly Program[] = [
  {
    name: 'chaos-call',
    share: 20,
    status: 'success',
    tasks: `
  - { id: before, type: executor, executor: transform, with: { value: { n: 1 } } }
  - ${call('pay')}
  - { id: note, type: executor, executor: log, with: { message: 'paid' } }
  - { id: after, type: set, vars: { paid: '{% $tasks.pay.output %}' } }`,
    output: '{% $vars.paid %}',
    effects: { '/pay': 'pay' },
    expected: (id) => receipt(id, '/pay'),
  },
  {
    name: 'chaos-flaky',
    share: 12,
    status: 'success',
    tasks: `
  - ${call('pay', 'pay', '?fail=2&delay=300')}`,
    output: '{% $tasks.pay.output %}',
    effects: { '/pay': 'pay' },
    expected: (id) => receipt(id, '/pay'),
  },
  {
    name: 'chaos-slow',
    share: 18,
    status: 'success',
    tasks: `
  - ${call('first', 'first', '?delay=1500')}
  - { id: nap, type: wait, for: 1s }
  - ${call('second', 'second', '?delay=1000')}
  - { id: later, type: wait, for: 500ms }
  - ${call('third')}`,
    output: '{% [$tasks.first.output, $tasks.second.output, $tasks.third.output] %}',
    effects: { '/first': 'first', '/second': 'second', '/third': 'third' },
    expected: (id) => ['/first', '/second', '/third'].map((path) => receipt(id, path)),
  },
  {
    name: 'chaos-wide',
    share: 12,
    status: 'success',
    tasks: `
  - id: each
    type: foreach
    items: [a, b, c, d]
    maxConcurrency: 3
    tasks:
      - ${call('send', 'send-{% $item %}')}
      - { id: twice, type: executor, executor: transform, with: { value: '{% $item & $item %}' } }
  - id: both
    type: parallel
    branches:
      slow: [{ id: nap, type: wait, for: 700ms }, { id: rested, type: executor, executor: transform, with: { value: 1 } }]
      quick: [${call('ping')}]`,
    output: '{% [$tasks.each.output, $tasks.both.output.slow] %}',
    effects: {
      ...Object.fromEntries(['a', 'b', 'c', 'd'].map((item, index) => [`/each[${index}]/send`, `send-${item}`])),
      '/both/quick/ping': 'ping',
    },
    expected: () => ['aa', 'bb', 'cc', 'dd', 1],
  },
  {
    name: 'chaos-approval',
    share: 6,
    status: 'success',
    tasks: `
  - ${call('check')}
  - { id: ask, type: approval, title: 'Pay?', assignees: [manager] }
  - ${call('pay')}`,
    output: '{% [$tasks.ask.output.decision, $tasks.pay.output] %}',
    effects: { '/check': 'check', '/pay': 'pay' },
    expected: (id) => ['approve', receipt(id, '/pay')],
  },
  {
    // No call comes before it: no command keeps the first workflow task apart from that of the vote.
    name: 'chaos-approval-first',
    share: 4,
    status: 'success',
    tasks: `
  - { id: title, type: set, vars: { title: 'Pay?' } }
  - { id: ask, type: approval, title: '{% $vars.title %}', assignees: [manager] }
  - { id: note, type: executor, executor: transform, with: { value: 1 } }
  - { id: again, type: approval, title: 'Really?', assignees: [manager] }`,
    output: '{% [$tasks.ask.output.decision, $tasks.again.output.decision] %}',
    effects: {},
    expected: () => ['approve', 'approve'],
  },
  {
    name: 'chaos-approval-timers',
    share: 4,
    status: 'success',
    tasks: `
  - id: both
    type: parallel
    branches:
      asked:
        - { id: ask, type: approval, title: 'Pay?', assignees: [manager], deadline: 1h }
        - ${call('pay')}
      beside: [{ id: nap, type: wait, for: 300ms }, { id: rest, type: wait, for: 900ms }, ${call('ping')}]`,
    output: '{% $tasks.both.output %}',
    effects: { '/both/asked/pay': 'pay', '/both/beside/ping': 'ping' },
    expected: (id) => ({ asked: receipt(id, '/both/asked/pay'), beside: receipt(id, '/both/beside/ping') }),
  },
  {
    name: 'chaos-event',
    share: 10,
    status: 'success',
    needsEvent: true,
    tasks: `
  - { id: listen, type: event, name: chaos-parcel, key: '{% $input.key %}' }
  - ${call('take')}`,
    output: '{% $tasks.listen.output.parcel %}',
    effects: { '/take': 'take' },
    expected: () => 'books',
  },
  {
    name: 'chaos-saga',
    share: 8,
    status: 'success',
    tasks: `
  - id: trip
    type: try
    onFailure: compensate
    tasks:
      - id: hotel
        type: executor
        executor: http
        timeout: 4s
        ${RETRY}
        ${withOf('hotel')}
        compensate: { executor: http, timeout: 4s, ${RETRY}, ${withOf('release')} }
      - { id: concert, type: fail, code: SOLD_OUT, detail: none left }
    catch:
      - errors: [SOLD_OUT]
        tasks: [{ id: home, type: executor, executor: transform, with: { value: at home } }]`,
    output: '{% $tasks.trip.output %}',
    effects: { '/trip/hotel': 'hotel', '/trip/hotel~compensate': 'release' },
    expected: () => 'at home',
  },
  {
    name: 'chaos-family',
    share: 5,
    status: 'success',
    tasks: `
  - id: each
    type: foreach
    items: [1, 2]
    tasks:
      - { id: child, type: sub_workflow, workflow: chaos-call, input: { url: '{% $input.url %}' } }
  - ${call('sum')}`,
    output: '{% $tasks.sum.output %}',
    effects: { '/sum': 'sum' },
    expected: (id) => receipt(id, '/sum'),
  },
  {
    name: 'chaos-failing',
    share: 3,
    status: 'failed',
    tasks: `
  - id: book
    type: executor
    executor: http
    timeout: 4s
    ${RETRY}
    ${withOf('book')}
    compensate: { executor: http, timeout: 4s, ${RETRY}, ${withOf('cancel')} }
  - { id: stop, type: fail, code: NO_MONEY, detail: none }`,
    output: 'never',
    effects: { '/book': 'book', '/book~compensate': 'cancel' },
    expected: () => null,
  },
];

/** The definition as YAML. */
export function definitionOf({ name, tasks, output }: Program): string {
  return `name: ${name}\ninput: { type: object }\ntasks:${tasks}\noutput: ${JSON.stringify(output)}\n`;
}
