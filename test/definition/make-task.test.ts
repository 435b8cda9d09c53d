import { expect, it } from 'vitest';
import { compile } from '../../src/definition/compile.ts';
import type { CatalogEntry } from '../../src/definition/compile.ts';

const catalog: readonly CatalogEntry[] = [
  { name: 'call', local: false, inputSchema: {}, defaults: undefined },
  {
    name: 'slow',
    local: true,
    inputSchema: {},
    defaults: { timeout: '5m', heartbeatTimeout: '20s', retry: { maxAttempts: 7, initialInterval: '2s' } },
  },
];

it('every type of task gets into a Plan, with all defaults filled in', () => {
  const compiled = compile(
    `
name: whole
version: 1.0.0
title: Whole
timeout: 30d
vars: { n: "{% $input.n %}" }
tasks:
  - { id: e, type: executor, executor: call, with: { x: "{% $vars.n %}" }, title: "Call {% $input.n %}", if: "{% true %}", output: "{% $result.y %}", onError: continue }
  - { id: s, type: set, vars: { n: 2 }, totalTimeout: 1m }
  - { id: c, type: condition, if: " {% $input.n > 1 %} ", then: [{ id: c1, type: set, vars: {} }] }
  - { id: q, type: sequential, tasks: [{ id: q1, type: set, vars: {} }, { id: q2, type: set, vars: {} }] }
  - { id: p, type: parallel, branches: { x: [{ id: p1, type: set, vars: {} }], y: [{ id: p2, type: set, vars: {} }] } }
  - { id: f, type: foreach, items: [1, "{% $input.n %}"], as: one, tasks: [{ id: f1, type: set, vars: { a: "{% $one %}" } }] }
  - { id: w, type: wait, until: 2026-12-01T09:00:00Z }
  - { id: a, type: approval, assignees: [boss] }
  - id: b
    type: approval
    title: "Claim of {% $input.n %}"
    description: Long
    assignees: "{% $input.people %}"
    quorum: majority
    form: { type: object }
    selfApproval: true
    onReject: continue
    deadline: "{% $input.deadline %}"
    onTimeout: escalate
    escalateTo: { candidateGroups: [x], deadline: 1h, onTimeout: escalate, escalateTo: { assignees: [y] } }
    reminders: { every: 1d, executor: call, with: { who: "{% $approval.assignees %}" } }
  - id: h
    type: switch
    cases:
      - { when: "{% $input.n = 1 %}", tasks: [{ id: h1, type: set, vars: {} }] }
      - { when: " {% $input.n = 2 %} ", tasks: [] }
    default: [{ id: h2, type: set, vars: {} }]
  - { id: i, type: switch, cases: [{ when: "{% true %}", tasks: [{ id: i1, type: set, vars: {} }] }] }
  - { id: l, type: loop, while: "{% $index < 3 %}", maxIterations: 10, tasks: [{ id: l1, type: set, vars: { a: "{% $index %}" } }] }
  - { id: m, type: loop, until: "{% $result = 1 %}", maxIterations: 10, tasks: [{ id: m1, type: set, vars: {} }, { id: m2, type: set, vars: {} }] }
  - id: t
    type: try
    onFailure: compensate
    tasks: [{ id: t1, type: executor, executor: call, compensate: { executor: slow, with: { undo: "{% $result %}" }, retry: { maxAttempts: 9 } } }]
    catch:
      - { errors: [HTTP_404, GONE], when: "{% $e.attempt > 1 %}", as: e, tasks: [{ id: t2, type: set, vars: { e: "{% $error.code & $e.code %}" } }] }
      - { errors: ["*"], tasks: [] }
    finally: [{ id: t3, type: set, vars: {} }]
  - { id: u, type: try, tasks: [{ id: u1, type: set, vars: {} }], finally: [{ id: u2, type: set, vars: {} }] }
  - { id: r, type: parallel, join: any, branches: { x: [{ id: r1, type: set, vars: {} }], y: [{ id: r2, type: set, vars: {} }] } }
  - { id: v, type: parallel, join: { count: 2 }, branches: { x: [{ id: v1, type: set, vars: {} }], y: [{ id: v2, type: set, vars: {} }] } }
  - { id: g, type: foreach, items: "{% $input.list %}", batch: 10, tolerate: { percent: 5 }, tasks: [{ id: g1, type: set, vars: {} }] }
  - { id: j, type: foreach, items: "{% $input.list %}", tolerate: { failures: 0 }, tasks: [{ id: j1, type: set, vars: {}, if: "{% true %}", next: end }, { id: j2, type: set, vars: {} }] }
  - { id: y, type: event, name: shipped, key: "{% $input.order %}", where: "{% $event.data.ok = $vars.n %}", count: 2, totalTimeout: 1d }
  - { id: o, type: event, name: shipped }
  - { id: k, type: emit, name: billed, key: "order-{% $input.n %}", data: { n: "{% $input.n %}" } }
  - { id: n, type: sub_workflow, workflow: child, version: 1.0.0, input: { n: "{% $input.n %}" }, onParentClose: terminate, timeout: 1h, retry: { maxAttempts: 2 } }
  - { id: d, type: sub_workflow, workflow: child, mode: detach }
  - { id: x, type: fail, code: NO, if: "{% false %}" }
  - { id: z, type: end, output: { n: "{% $vars.n %}" } }
output: never
`,
    { format: 'yaml', catalog },
  );
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems, null, 2));
  expect(compiled.plan).toMatchSnapshot();
});
