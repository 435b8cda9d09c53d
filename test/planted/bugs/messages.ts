import type { PlantedBug } from '../planted-bug.ts';

/** In what starts executions and tells them of events. */
export const messageBugs: readonly PlantedBug[] = [
  {
    what: 'an id whose run has ended starts again',
    file: 'src/temporal/start.ts',
    find: "workflowIdReusePolicy: 'REJECT_DUPLICATE'",
    replace: "workflowIdReusePolicy: 'ALLOW_DUPLICATE'",
    caughtBy: {
      test: 'test/temporal/client.test.ts',
      name: 'starts once, whoever asks, and never again after its end',
      says: /to be '/,
    },
  },
  {
    what: 'a pause holds back what was done before it',
    file: 'workflows/receive-pause.ts',
    find: 'await journal.mark();',
    replace: 'void journal.mark();',
    caughtBy: {
      test: 'test/reconcile/died-with-worker.test.ts',
      name: 'holds back nothing that has been done before',
      says: /toSatisfy/,
    },
  },
  {
    what: 'the idempotency key of a start is ignored',
    file: 'src/operations/start-execution.ts',
    find: "deriveId('execution', tenant, userId, key)",
    replace: "deriveId('execution', tenant, userId, key, String(Math.random()))",
    caughtBy: { test: 'test/reconcile/starter.test.ts', name: 'one request under one key', says: /to be 1/ },
  },
  {
    what: 'two starters take the same pending row',
    file: 'src/store/pending-executions.ts',
    find: "    .limit(limit)\n    .forNoKeyUpdate(['e'])\n    .skipLocked()\n",
    replace: '    .limit(limit)\n',
    caughtBy: { test: 'test/reconcile/starter.test.ts', name: 'never have one row at once', says: /\[ 3, 3 \]/ },
  },
  {
    what: 'an event counts as told before it is',
    file: 'src/reconcile/deliverer.ts',
    find: 'const outcomes = await Promise.allSettled(untold.map(tell));',
    replace:
      'for (const one of untold) await markTold(session, one);\n    const outcomes = await Promise.allSettled(untold.map(tell));',
    caughtBy: {
      test: 'test/reconcile/deliverer.test.ts',
      name: 'one that Temporal refuses to tell holds up no other',
      says: /to be null/,
    },
  },
  {
    what: 'an execution that is over keeps its waits',
    file: 'src/reconcile/deliverer.ts',
    find: "else if (outcome.value === 'over') await endWaits(session, execution);",
    replace: "else if (outcome.value === 'over') void endWaits;",
    caughtBy: {
      test: 'test/reconcile/deliverer.test.ts',
      name: 'an execution that is over gets nothing',
      says: /it is still/,
    },
  },
  {
    what: 'a parent that starts an ended child again hears nothing of its end',
    file: 'src/operations/start-child.ts',
    find: '...(end && { end: messageOf(id, end) })',
    replace: '...(end && messageOf(id, end) && {})',
    caughtBy: {
      test: 'test/activities/children.test.ts',
      name: 'the same call again, when the child has ended, answers its end',
      says: /-\s+"end": /,
    },
  },
];
