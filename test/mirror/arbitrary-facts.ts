import fc from 'fast-check';
import type { ApprovalState, ErrorInfo, Json } from '../../src/contract.ts';
import { APPROVAL_STATUSES, EXECUTION_STATUSES, TASK_STATUSES } from '../../src/contract.ts';
import type {
  ApprovalFact,
  AttemptFact,
  ExecutionFact,
  Fact,
  Order,
  Subject,
  TaskFact,
} from '../../src/mirror/record.ts';

/** Of every fact but what names its execution, so that one stream can be told about several. */
export type Told = { readonly [K in Fact['kind']]: Omit<Extract<Fact, { kind: K }>, keyof Subject> }[Fact['kind']];

const BASE = Date.UTC(2026, 0, 1);
/** So few values that orders often agree in their first parts. */
const order = fc.record({
  epoch: fc.integer({ min: 0, max: 1 }),
  authority: fc.constantFrom(0 as const, 1 as const, 2 as const),
  ord: fc.integer({ min: 1, max: 3 }),
  attempt: fc.integer({ min: 0, max: 3 }),
  stateRank: fc.integer({ min: 0, max: 5 }),
});
const time = fc.option(fc.integer({ min: BASE, max: BASE + 20 }));
const json: fc.Arbitrary<Json> = fc.constantFrom<Json[]>(
  null,
  0,
  'text\u0000\ud800 {% \\u0000',
  { a: [1, { b: null }] },
  [],
);
const error: fc.Arbitrary<ErrorInfo> = fc.record({
  code: fc.constantFrom('TIMEOUT', 'HTTP_500'),
  detail: fc.constantFrom('', 'broken \ud800'),
  task: fc.constant('/a'),
});
const left = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
/** Members that are undefined are left out, as the writers of facts do. */
const given = <T>(value: { readonly [K in keyof T]: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;

const taskFact = (path: string): fc.Arbitrary<Told> =>
  fc
    .record({
      order,
      status: fc.constantFrom(...TASK_STATUSES),
      title: left(fc.constantFrom('one', 'two')),
      retryCount: fc.integer({ min: 0, max: 3 }),
      maxRetries: fc.option(fc.integer({ min: 0, max: 3 })),
      input: left(json),
      result: left(json),
      error: left(error),
      local: fc.boolean(),
      startedAt: time,
      endedAt: time,
    })
    .map(({ order: at, title, ...fact }): Omit<TaskFact, keyof Subject> =>
      given({
        kind: 'task',
        ...at,
        ...fact,
        task: given({ path, taskId: 'a', type: 'executor', executor: 'http', dependencies: ['b'], order: 1, title }),
      }),
    );

const attemptFact = (path: string): fc.Arbitrary<Told> =>
  fc
    .record({
      order,
      status: fc.constantFrom('running', 'success', 'failed', 'timeout', 'cancelled', 'lost'),
      error: left(error),
      retryable: fc.option(fc.boolean()),
      nextRetryAt: time,
      startedAt: fc.integer({ min: BASE, max: BASE + 20 }),
      endedAt: time,
    })
    .map(({ order: at, ...fact }): Omit<AttemptFact, keyof Subject> =>
      given({ kind: 'attempt', path, runId: 'run', worker: 'w', local: false, ...at, ...fact }),
    );

const executionFact: fc.Arbitrary<Told> = fc
  .record({
    order,
    status: fc.constantFrom(...EXECUTION_STATUSES),
    temporalRunId: left(fc.constantFrom('run-1', 'run-2')),
    pausedBy: left(fc.option(fc.constant('ada'))),
    output: left(json),
    error: left(error),
    currentPath: left(fc.option(fc.constantFrom('/a', '/b'))),
    waitingFor: left(json),
    completedTasks: left(fc.integer({ min: 0, max: 4 })),
    totalTasks: left(fc.integer({ min: 1, max: 4 })),
    startedAt: time,
    endedAt: time,
  })
  .map(({ order: at, ...fact }): Omit<ExecutionFact, keyof Subject> => given({ kind: 'execution', ...at, ...fact }));

const approvalFact: fc.Arbitrary<Told> = fc
  .record({
    order,
    status: fc.constantFrom(...APPROVAL_STATUSES),
    assignees: fc.subarray(['ada', 'bob', 'cy']),
    candidateGroups: fc.subarray(['finance', 'ops']),
    claimedBy: fc.option(fc.constant('nobody-we-know')),
    voters: fc.subarray(['ada', 'bob', 'cy']),
  })
  .map(({ order: at, status, assignees, candidateGroups, claimedBy, voters }): Omit<ApprovalFact, keyof Subject> => {
    const iso = new Date(BASE).toISOString();
    const votes: ApprovalState['votes'] = voters.map((user) => ({
      user,
      decision: 'approve',
      comment: `by ${user}`,
      data: null,
      channel: 'api',
      at: iso,
    }));
    return {
      kind: 'approval',
      ...at,
      approval: {
        id: '',
        path: '/a',
        round: 1,
        title: 'a\u0000',
        description: null,
        status,
        assignees,
        candidateGroups,
        quorumKind: 'count',
        quorum: 1,
        selfApproval: false,
        form: null,
        onTimeout: 'fail',
        onReject: 'fail',
        deadline: null,
        claimedBy,
        claimedAt: claimedBy === null ? null : iso,
        escalatedTo: null,
        votes,
        createdAt: iso,
        decidedBy: status === 'open' ? null : 'ada',
        decidedAt: status === 'open' ? null : iso,
        comment: null,
        data: { amount: at.ord },
      },
    };
  });

const historyFact: fc.Arbitrary<Told> = fc.constantFrom('task_started', 'task_failed').map((eventType) => ({
  kind: 'history',
  eventKey: eventType,
  eventType,
  at: BASE,
  path: '/a',
  actor: null,
  data: {},
}));

/** Which row it is about, and its order there: two different facts never agree in both. */
function identity(told: Told): string {
  if (told.kind === 'history' || told.kind === 'log') return JSON.stringify(told);
  const { epoch, authority, ord, attempt, stateRank }: Order = told;
  const path = told.kind === 'task' ? told.task.path : told.kind === 'attempt' ? told.path : '';
  return JSON.stringify([told.kind, path, epoch, authority, ord, attempt, stateRank]);
}

/** What may be told of one execution, no fact twice. */
export const toldFacts: fc.Arbitrary<readonly Told[]> = fc.uniqueArray(
  fc.oneof(
    { weight: 4, arbitrary: taskFact('/a') },
    { weight: 2, arbitrary: taskFact('/each[1]/b') },
    { weight: 2, arbitrary: attemptFact('/a') },
    { weight: 4, arbitrary: executionFact },
    { weight: 2, arbitrary: approvalFact },
    { weight: 1, arbitrary: historyFact },
  ),
  { minLength: 1, maxLength: 14, selector: identity },
);

/** Those facts, told about this execution. */
export function about(subject: Subject, told: readonly Told[]): readonly Fact[] {
  return told.map((one): Fact => {
    if (one.kind !== 'approval') return { ...subject, ...one };
    return { ...subject, ...one, approval: { ...one.approval, id: `${subject.executionId}~a` } };
  });
}

/** The same facts in another order, some of them more than once, cut into batches. */
export function retold(told: readonly Told[]): fc.Arbitrary<readonly (readonly Told[])[]> {
  return fc
    .record({
      repeated: fc.subarray([...told]),
      keys: fc.array(fc.nat(), { minLength: told.length * 2, maxLength: told.length * 2 }),
      cuts: fc.array(fc.boolean(), { minLength: told.length * 2, maxLength: told.length * 2 }),
    })
    .map(({ repeated, keys, cuts }) => {
      const shuffled = [...told, ...repeated]
        .map((one, index) => ({ one, key: keys[index] ?? 0 }))
        .sort((a, b) => a.key - b.key);
      const batches: Told[][] = [[]];
      shuffled.forEach(({ one }, index) => {
        if (cuts[index]) batches.push([]);
        batches.at(-1)?.push(one);
      });
      return batches.filter((batch) => batch.length > 0);
    });
}
