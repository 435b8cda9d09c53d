import type { WorkflowHandle } from '@temporalio/client';
import type { Json } from '../../src/contract.ts';
import type { Recording } from './recordings.ts';

/**
 * Every task type with every way it can go. `continued`: recorded on a server that advises another run after a few
 * events, kept is the run that goes on.
 */
type Ways = {
  readonly ok?: string;
  readonly failed?: string;
  readonly cancelled?: string;
  readonly 'timed-out'?: string;
  readonly continued?: string;
};

const CALL = 'type: executor, executor: http, with: { url: "http://x.test" }';
const BAD = 'type: executor, executor: failing, with: {}, retry: { maxAttempts: 2, initialInterval: 10ms }';
const NAP = '{ id: nap, type: wait, for: 1h }';
const SHORT = '{ id: short, type: wait, for: 400ms }';
/** Enough events that another run is advised before what follows. */
const MANY = `{ id: many, type: foreach, items: "{% [1..12] %}", maxConcurrency: 4, tasks: [{ id: m, ${CALL} }] }`;
/** The same beside what follows, which is open meanwhile. */
const BESIDE = MANY.replace('id: many,', 'id: many, dependencies: [],');

const list = (...tasks: string[]): string => `tasks:\n${tasks.map((task) => `  - ${task}\n`).join('')}`;

const WAYS: { readonly [type: string]: Ways } = {
  executor: {
    ok: list(`{ id: a, ${CALL} }`, '{ id: b, type: executor, executor: transform, with: { value: 1 } }'),
    failed: list(`{ id: a, ${BAD} }`),
    cancelled: list('{ id: a, type: executor, executor: slow, with: {}, heartbeatTimeout: 1s }'),
    'timed-out': list('{ id: a, type: executor, executor: slow, with: {}, timeout: 300ms, retry: { maxAttempts: 1 } }'),
    continued: list(MANY, `{ id: a, ${CALL} }`, `{ id: b, ${CALL}, title: "{% $tasks.many.output %}" }`),
  },
  set: {
    ok: list('{ id: a, type: set, vars: { x: 1 } }'),
    failed: list(`{ id: a, type: set, vars: { x: "{% $number('no number') %}" } }`),
    continued: list('{ id: a, type: set, vars: { x: 1 } }', MANY, '{ id: b, type: set, vars: { y: "{% $vars.x %}" } }'),
  },
  condition: {
    ok: list(`{ id: c, type: condition, if: "{% true %}", then: [{ id: a, ${CALL} }] }`),
    failed: list(`{ id: c, type: condition, if: "{% false %}", then: [], else: [{ id: a, ${BAD} }] }`),
    cancelled: list(`{ id: c, type: condition, if: "{% true %}", then: [${NAP}] }`),
    'timed-out': list(`{ id: c, type: condition, totalTimeout: 300ms, if: "{% true %}", then: [${NAP}] }`),
    continued: list(`{ id: c, type: condition, if: "{% $random() < 2 %}", then: [${MANY}, { id: a, ${CALL} }] }`),
  },
  switch: {
    ok: list(
      `{ id: s, type: switch, cases: [{ when: "{% false %}", tasks: [${NAP}] }], default: [{ id: a, ${CALL} }] }`,
    ),
    failed: list(`{ id: s, type: switch, cases: [{ when: "{% true %}", tasks: [{ id: a, ${BAD} }] }] }`),
    cancelled: list(`{ id: s, type: switch, cases: [{ when: "{% true %}", tasks: [${NAP}] }] }`),
    'timed-out': list(`{ id: s, type: switch, totalTimeout: 300ms, cases: [{ when: "{% true %}", tasks: [${NAP}] }] }`),
    continued: list(`{ id: s, type: switch, cases: [{ when: "{% true %}", tasks: [${MANY}, { id: a, ${CALL} }] }] }`),
  },
  sequential: {
    ok: list(`{ id: s, type: sequential, tasks: [{ id: a, ${CALL} }] }`),
    failed: list(`{ id: s, type: sequential, onError: continue, tasks: [{ id: a, ${BAD} }] }`),
    cancelled: list(`{ id: s, type: sequential, tasks: [${NAP}] }`),
    'timed-out': list(`{ id: s, type: sequential, totalTimeout: 300ms, tasks: [${NAP}] }`),
    continued: list(`{ id: s, type: sequential, totalTimeout: 1h, tasks: [${MANY}, { id: a, ${CALL} }] }`),
  },
  parallel: {
    ok: list(`{ id: p, type: parallel, branches: { a: [{ id: x, ${CALL} }], b: [{ id: y, ${CALL} }, ${SHORT}] } }`),
    failed: list(`{ id: p, type: parallel, branches: { a: [{ id: x, ${BAD} }], b: [${NAP}] } }`),
    cancelled: list(
      `{ id: p, type: parallel, branches: { a: [{ id: x, ${CALL} }, { id: y, type: wait, for: 1h }], b: [${NAP}] } }`,
    ),
    'timed-out': list(
      `{ id: p, type: parallel, totalTimeout: 300ms, branches: { a: [{ id: x, ${CALL} }], b: [${NAP}] } }`,
    ),
    continued: list(
      `{ id: p, type: parallel, branches: { a: [${MANY}, { id: x, ${CALL} }], b: [${SHORT}, { id: y, ${CALL} }] } }`,
    ),
  },
  race: {
    ok: list(`{ id: p, type: parallel, join: any, branches: { a: [{ id: x, ${CALL} }], b: [${NAP}] } }`),
    failed: list(
      `{ id: p, type: parallel, join: any, branches: { a: [{ id: x, ${BAD} }], b: [{ id: y, type: fail, code: NO, detail: no }] } }`,
    ),
    cancelled: list(
      `{ id: p, type: parallel, join: { count: 2 }, branches: { a: [{ id: x, ${CALL} }], b: [${NAP}], c: [{ id: z, type: wait, for: 2h }] } }`,
    ),
    continued: list(
      `{ id: p, type: parallel, join: any, branches: { a: [${MANY}, { id: x, ${CALL} }], b: [${NAP}] } }`,
    ),
  },
  foreach: {
    ok: list(
      `{ id: e, type: foreach, items: [1, 2, 3, 4, 5], batch: 2, maxConcurrency: 2, tasks: [{ id: a, ${CALL} }] }`,
    ),
    failed: list(`{ id: e, type: foreach, items: [1, 2, 3], tolerate: { failures: 1 }, tasks: [{ id: a, ${BAD} }] }`),
    cancelled: list(`{ id: e, type: foreach, items: [1, 2], tasks: [{ id: a, ${CALL} }, ${NAP}] }`),
    'timed-out': list(`{ id: e, type: foreach, items: [1, 2], totalTimeout: 300ms, tasks: [${NAP}] }`),
    continued: list(
      `{ id: e, type: foreach, items: "{% [1..30] %}", maxConcurrency: 3, collect: last, tasks: [{ id: a, ${CALL} }] }`,
    ),
  },
  loop: {
    ok: list(`{ id: l, type: loop, while: "{% $index < 3 %}", maxIterations: 5, tasks: [{ id: a, ${CALL} }] }`),
    failed: list(`{ id: l, type: loop, until: "{% false %}", maxIterations: 2, tasks: [{ id: a, ${CALL} }] }`),
    cancelled: list(`{ id: l, type: loop, while: "{% true %}", maxIterations: 5, tasks: [${NAP}] }`),
    'timed-out': list(
      `{ id: l, type: loop, while: "{% true %}", maxIterations: 5, totalTimeout: 300ms, tasks: [${NAP}] }`,
    ),
    continued: list(
      `{ id: l, type: loop, until: "{% $index = 15 %}", maxIterations: 20, tasks: [{ id: a, ${CALL} }] }`,
    ),
  },
  try: {
    ok: list(
      `{ id: t, type: try, tasks: [{ id: a, ${BAD} }], catch: [{ errors: [FAILING], tasks: [{ id: b, ${CALL} }] }], finally: [{ id: f, ${CALL} }] }`,
    ),
    failed: list(
      `{ id: t, type: try, onFailure: compensate, tasks: [{ id: a, ${CALL}, compensate: { executor: http, with: { url: "http://x.test" } } }, { id: b, ${BAD} }], finally: [{ id: f, ${CALL} }] }`,
    ),
    cancelled: list(
      `{ id: t, type: try, tasks: [${NAP}], catch: [{ errors: ["*"], tasks: [{ id: b, ${CALL} }] }], finally: [${SHORT}, { id: f, ${CALL} }] }`,
    ),
    'timed-out': list(`{ id: t, type: try, totalTimeout: 300ms, tasks: [${NAP}], finally: [{ id: f, ${CALL} }] }`),
    continued: list(
      `{ id: t, type: try, tasks: [{ id: a, ${BAD} }], catch: [{ errors: ["*"], tasks: [${MANY}, { id: b, type: fail, code: WORSE, detail: "{% $error.code %}" }] }], finally: [{ id: f, ${CALL} }] }`,
    ),
  },
  compensate: {
    failed: list(
      `{ id: a, ${CALL}, compensate: { executor: http, with: { url: "http://x.test", body: "{% $result %}" } } }`,
      `{ id: b, ${CALL}, compensate: { executor: failing, retry: { maxAttempts: 1 } } }`,
      `{ id: c, ${BAD} }`,
    ),
    cancelled: list(`{ id: a, ${CALL}, compensate: { executor: http, with: { url: "http://x.test" } } }`, NAP),
    continued: list(
      `{ id: e, type: foreach, items: "{% [1..12] %}", tasks: [{ id: a, ${CALL}, compensate: { executor: http, with: { url: "http://x.test" } } }] }`,
      `{ id: c, ${BAD} }`,
    ),
  },
  next: {
    ok: `vars: { n: 0 }\n${list(`{ id: a, ${CALL} }`, '{ id: n, type: set, vars: { n: "{% $vars.n + 1 %}" } }', '{ id: back, type: set, if: "{% $vars.n < 3 %}", vars: { m: 1 }, next: a }', `{ id: z, ${CALL}, if: "{% true %}", next: end }`, '{ id: never, type: set, vars: { y: 1 } }')}`,
    cancelled: list(`{ id: a, ${CALL}, next: nap }`, NAP),
    continued: `vars: { n: 0 }\n${list(`{ id: a, ${CALL} }`, '{ id: n, type: set, vars: { n: "{% $vars.n + 1 %}" } }', '{ id: back, type: set, if: "{% $vars.n < 15 %}", vars: { m: 1 }, next: a }')}`,
  },
  wait: {
    ok: list(SHORT),
    failed: list('{ id: w, type: wait, for: "{% $input.none %}" }'),
    cancelled: list(NAP),
    'timed-out': list('{ id: w, type: wait, for: 1h, totalTimeout: 300ms }'),
    continued: list('{ id: w, type: wait, for: 2s, dependencies: [] }', BESIDE),
  },
  event: {
    ok: list('{ id: e, type: event, name: go, key: "{% $input.key %}", where: "{% $event.data = 1 %}" }'),
    failed: list('{ id: e, type: event, name: go, key: "{% null %}" }'),
    cancelled: list('{ id: e, type: event, name: other }'),
    'timed-out': list('{ id: e, type: event, name: other, totalTimeout: 300ms }'),
    continued: list('{ id: e, type: event, name: go, count: 2, dependencies: [] }', BESIDE),
  },
  emit: {
    ok: list('{ id: e, type: emit, name: go, key: k, data: { n: 1 } }'),
    failed: list('{ id: e, type: emit, name: refused, data: 1 }'),
    continued: list(MANY, '{ id: e, type: emit, name: go, data: 1 }'),
  },
  'sub-workflow': {
    ok: list('{ id: s, type: sub_workflow, workflow: fine }'),
    failed: list('{ id: s, type: sub_workflow, workflow: lame, retry: { maxAttempts: 2, initialInterval: 10ms } }'),
    cancelled: list('{ id: s, type: sub_workflow, workflow: endless }'),
    'timed-out': list('{ id: s, type: sub_workflow, workflow: endless, timeout: 300ms }'),
    continued: list('{ id: s, type: sub_workflow, workflow: late, dependencies: [] }', BESIDE),
  },
  approval: {
    ok: list(
      '{ id: ok, type: approval, title: t, assignees: [boss, other], quorum: 1, reminders: { every: 100ms, executor: http, with: { url: "http://x.test" } } }',
    ),
    cancelled: list('{ id: no, type: approval, title: t, assignees: [boss] }'),
    'timed-out': list('{ id: no, type: approval, title: t, assignees: [boss], deadline: 300ms }'),
    continued: list('{ id: ok, type: approval, title: t, assignees: [boss], deadline: 1h, dependencies: [] }', BESIDE),
  },
  fail: {
    failed: list('{ id: f, type: fail, code: NO, detail: "{% $input.key %}" }'),
    continued: list(MANY, '{ id: f, type: fail, code: NO, detail: no }'),
  },
  end: {
    ok: list(`{ id: c, type: parallel, branches: { a: [{ id: e, type: end, output: 1 }], b: [${NAP}] } }`),
    continued: list(MANY, '{ id: e, type: end, output: 1 }'),
  },
};

/** What has to happen from outside. */
function driveOf(type: string, way: string, decide: Drive, go: Drive): Drive | undefined {
  if (way === 'cancelled')
    return async (handle) => {
      await handle.cancel();
    };
  if (type === 'approval' && (way === 'ok' || way === 'continued')) return decide;
  return type === 'event' && (way === 'ok' || way === 'continued') ? go : undefined;
}

type Drive = (handle: WorkflowHandle) => Promise<void>;

export function recordingsByType(decide: Drive, go: Drive): readonly Recording[] {
  const input: Json = { key: 'k' };
  return Object.entries(WAYS).flatMap(([type, ways]) =>
    Object.entries(ways).map(([way, definition]): Recording => {
      const drive = driveOf(type, way, decide, go);
      return { name: `${type}-${way}`, definition, input, isContinued: way === 'continued', ...(drive && { drive }) };
    }),
  );
}
