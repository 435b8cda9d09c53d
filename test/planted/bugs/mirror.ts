import type { PlantedBug } from '../planted-bug.ts';

const PROPERTY = 'any order, repetition and batching of the same facts ends in the same rows';

/** Its worker stands still until Temporal has given it up, then tells of a success. */
const ZOMBIE = {
  test: 'test/end-to-end/attempts.test.ts',
  name: 'what it says later does not count',
  says: /\+\s+"status": "success"/,
};

/** In what writes the mirror. */
export const mirrorBugs: readonly PlantedBug[] = [
  {
    what: 'the upsert has no order: the last write wins',
    file: 'src/mirror/upsert-sql.ts',
    find: "return `(${orderList(table, 't')}) < (${orderList(table, 'excluded')})`;",
    replace: "return 'true';",
    caughtBy: { test: 'test/mirror/commit-batch.test.ts', name: PROPERTY, says: /Property failed/ },
  },
  {
    what: 'the upsert has no WHERE: stale writes touch the row',
    file: 'src/mirror/upsert-sql.ts',
    find: "where ${[isNewer(table), ...otherChanges(table)].join('\\n  or ')}`;",
    replace: 'where true`;',
    caughtBy: { test: 'test/mirror/writer.test.ts', name: 'what is older counts as stale', says: /stale/ },
  },
  {
    what: 'the order compares without authority',
    file: 'src/mirror/upsert-sql.ts',
    find: 'return ORDER.map((part) =>',
    replace: "return ORDER.filter((part) => part !== 'authority').map((part) =>",
    caughtBy: { test: 'test/mirror/commit-batch.test.ts', name: PROPERTY, says: /Property failed/ },
  },
  {
    what: 'a batch is not sorted',
    file: 'src/mirror/commit-batch.ts',
    find: '.sort((a, b) => (a.key < b.key ? -1 : 1));',
    replace: ';',
    caughtBy: {
      test: 'test/mirror/commit-batch.test.ts',
      name: 'never wait for each other in a circle',
      says: /deadlock/,
    },
  },
  {
    what: 'the writer drops a batch that met another writer',
    file: 'src/mirror/writer.ts',
    find: "if (failure === 'conflict' && conflicts++ < MAX_CONFLICTS) {",
    replace:
      "if (failure === 'conflict' && conflicts++ < MAX_CONFLICTS) {\n          giveUp(batch);\n          return;",
    caughtBy: {
      test: 'test/mirror/writer.test.ts',
      name: 'with serialization failures thrown in, end in the greatest write',
      says: /ord: '30', result: 30, rows: \d\d \}/,
    },
  },
  {
    what: 'one bad value takes its whole batch with it',
    file: 'src/mirror/writer.ts',
    find: 'await writeParts(batch, error);',
    replace: 'giveUp(batch);',
    caughtBy: {
      test: 'test/mirror/writer.test.ts',
      name: 'a fact that PostgreSQL refuses is found and left out',
      says: /length of 300/,
    },
  },
  {
    what: 'NUL in JSON is not cleaned',
    file: 'src/mirror/clean.ts',
    find: 'u(0000|d[89a-f][0-9a-f]{2})',
    replace: 'u(d[89a-f][0-9a-f]{2})',
    caughtBy: {
      test: 'test/mirror/writer.test.ts',
      name: 'text that PostgreSQL does not store is replaced',
      says: /undefined|ufffd|result/,
    },
  },
  {
    what: 'votes are not stored',
    file: 'src/mirror/prepare.ts',
    find: ", ...voteRows(fact).map((row) => ['votes', row] as const)];",
    replace: '];',
    caughtBy: {
      test: 'test/reconcile/sweeper.test.ts',
      name: 'comes back with its votes',
      says: /expected \[\] to deeply equal \[ \{ status: 'approved'/,
    },
  },
  {
    what: "a worker's word counts as confirmed: the zombie wins",
    file: 'activities/record-attempts.ts',
    find: "kind: 'task',\n    epoch: 0,\n    authority: 0,",
    replace: "kind: 'task',\n    epoch: 0,\n    authority: 2,",
    caughtBy: ZOMBIE,
  },
  {
    what: "a worker's word counts as the workflow's",
    file: 'activities/record-attempts.ts',
    find: "kind: 'task',\n    epoch: 0,\n    authority: 0,",
    replace: "kind: 'task',\n    epoch: 0,\n    authority: 1,",
    caughtBy: ZOMBIE,
  },
  {
    what: 'a hand-over is lost',
    file: 'workflows/journal.ts',
    find: 'handingOver = handingOver.then(handOverAll);',
    replace: 'pending = [];',
    caughtBy: {
      test: 'test/reconcile/confirm.test.ts',
      name: 'an end that agrees is confirmed without folding the history',
      says: /it is still .*"status":"success"/,
    },
  },
  {
    what: 'a deadline that has passed leaves nothing in the history',
    file: 'workflows/hand-over.ts',
    find: "transitions.some((transition) => transition.kind === 'execution' && transition.endedAt !== null)",
    replace: 'transitions.length > 0',
    caughtBy: {
      test: 'test/end-to-end/faults.test.ts',
      name: 'another one takes no vote that comes too late',
      says: /"code": "ALREADY_DECIDED"/,
    },
  },
];
