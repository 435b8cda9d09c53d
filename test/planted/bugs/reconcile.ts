import type { PlantedBug } from '../planted-bug.ts';

const ENDED_OUTSIDE = { chaos: 'terminated from outside,cancelled from outside' };
const DAMAGE = { test: 'test/reconcile/verify.test.ts', name: 'that is wrong is found, and put right' };
const SWEEPER = 'test/reconcile/sweeper.test.ts';

/** In what compares the mirror with Temporal, repairs and verifies it. */
export const reconcileBugs: readonly PlantedBug[] = [
  {
    what: 'the sweeper never lifts an end from told to confirmed',
    file: 'src/reconcile/run-end.ts',
    find: 'authority: 2,',
    replace: 'authority: 1,',
    caughtBy: {
      test: 'test/reconcile/confirm.test.ts',
      name: 'an end that agrees is confirmed without folding the history',
      says: /\+\s+"confirmed": false/,
    },
  },
  {
    what: 'an end that was told is taken as it is',
    file: 'src/reconcile/run-end.ts',
    find: 'return isTold && approvalsAgree(mirrored.approvals, closed.answered);',
    replace: 'return mirrored.authority === 1;',
    caughtBy: { test: SWEEPER, name: 'told by a workflow task that Temporal refused', says: /"error_code": "X"/ },
  },
  {
    what: 'an approval that was told is taken as it is',
    file: 'src/reconcile/run-end.ts',
    find: 'return isTold && approvalsAgree(mirrored.approvals, closed.answered);',
    replace: 'return isTold;',
    caughtBy: {
      test: 'test/reconcile/confirm.test.ts',
      name: 'a vote is from a workflow task of which Temporal has no trace',
      says: /expected \+0 to be 1/,
    },
  },
  {
    what: 'open tasks stay open when their execution was ended',
    file: 'src/mirror/close-executions.ts',
    find: '  await closeTasks(session, some);\n',
    replace: '',
    caughtBy: { ...ENDED_OUTSIDE, says: /VIOLATION I1 / },
  },
  {
    what: 'open approvals stay open when their execution was ended',
    file: 'src/mirror/close-executions.ts',
    find: '  await closeApprovals(session, some);\n',
    replace: '',
    caughtBy: { test: SWEEPER, name: 'terminated in the Temporal UI', says: /\+\s+"status": "open"/ },
  },
  {
    what: 'attempts that still run when all is over stay so',
    file: 'src/mirror/close-executions.ts',
    find: '  await closeAttempts(session, some);\n',
    replace: '',
    caughtBy: { chaos: 'both workers killed,terminated from outside', says: /VIOLATION I[15] .*run/ },
  },
  {
    what: 'attempts that nobody told of are not filled in',
    file: 'src/mirror/close-executions.ts',
    find: '  await fillAttempts(session, some);\n',
    replace: '',
    caughtBy: { ...DAMAGE, says: /"field": "attempts"/ },
  },
  {
    what: 'the fold hears nothing of a replay',
    file: 'src/reconcile/replayer.ts',
    find: 'callDuringReplay: true',
    replace: 'callDuringReplay: false',
    caughtBy: {
      test: SWEEPER,
      name: 'what the mirror lost is folded from the history: every task',
      says: /"task_id": "both"/,
    },
  },
  {
    what: 'the fold forgets what activities have come to',
    file: 'src/reconcile/fold.ts',
    find: 'finishedActivities(history, input).filter(',
    replace: 'finishedActivities({ ...history, events: [] }, input).filter(',
    caughtBy: {
      test: 'test/reconcile/verify.test.ts',
      name: 'an execution that ended agrees',
      says: /"agrees": false/,
    },
  },
  {
    what: 'the fold forgets shards',
    file: 'src/reconcile/fold-chain.ts',
    find: 'for (const shard of shardsIn(history)) shards.add(shard);',
    replace: 'shardsIn(history);',
    caughtBy: { test: 'test/end-to-end/shards.test.ts', name: 'all results in order', says: /the mirror differs/ },
  },
  {
    what: 'verify compares nothing',
    file: 'src/reconcile/differences.ts',
    find: 'if (!isDeepStrictEqual(a, b)) found.push(',
    replace: 'if (isDeepStrictEqual(a, found)) found.push(',
    caughtBy: { ...DAMAGE, says: /expected true to be false/ },
  },
  {
    what: 'repair keeps rows that no history has',
    file: 'src/reconcile/repair-execution.ts',
    find: 'if (isFolded && isWhole) await database.asEngine((session) => dropUnknown(session, end));',
    replace: 'void dropUnknown;',
    caughtBy: { ...DAMAGE, name: 'a row too many that is wrong is found, and put right', says: /\/made-up/ },
  },
  {
    what: 'a reset is not followed',
    file: 'src/reconcile/follow-again.ts',
    find: '  await reopen(parts, row, { runId: run.runId, once: true });\n',
    replace: '  void reopen;\n',
    caughtBy: { test: 'test/reconcile/verify.test.ts', name: 'it is followed from there', says: /it is still/ },
  },
  {
    what: 'an execution that Temporal has forgotten runs for ever',
    file: 'src/reconcile/sweep-mirror.ts',
    find: 'await database.asEngine((session) => endLost(session, row));',
    replace: 'void endLost;',
    caughtBy: { test: SWEEPER, name: 'is reported lost', says: /-\s+"errorCode": "LOST"/ },
  },
  {
    what: 'shards outlive their execution',
    file: 'src/reconcile/confirm.ts',
    find: 'if (closed.byTemporal) await temporal.endShards(',
    replace: 'if (closed.byTemporal && closed.closeTime === 0) await temporal.endShards(',
    caughtBy: {
      test: 'test/end-to-end/shards.test.ts',
      name: 'the execution terminated from outside: its shards are, too',
      says: /the shards are over/,
    },
  },
  {
    what: 'votes that Temporal refused stay',
    file: 'src/reconcile/repair.ts',
    find: 'if (unfolded.length === 0 && told.length > 0)',
    replace: 'if (unfolded.length < 0)',
    caughtBy: { test: SWEEPER, name: 'a vote of a workflow task that Temporal refused', says: /deeply equal \[\]/ },
  },
  {
    what: 'what the mirror was never told of one that waits stays untold',
    file: 'src/reconcile/sweep-mirror.ts',
    find: "if (confirmation === 'open') await parked.look(row);",
    replace: "if (confirmation === 'open') void parked.look;",
    caughtBy: {
      test: 'test/reconcile/died-with-worker.test.ts',
      name: 'of one that waits is told again',
      says: /it is still \[\]/,
    },
  },
  {
    what: 'what the mirror was told and Temporal then refused stays in one that waits',
    file: 'src/reconcile/repair-execution.ts',
    find: '  await follow(parts, key);\n',
    replace: '  void follow;\n',
    caughtBy: {
      test: 'test/reconcile/died-with-worker.test.ts',
      name: 'of a vote that Temporal never had is taken back',
      says: /it is still \[\{"status":"approved"/,
    },
  },
  {
    what: 'of those confirmed together each is confirmed, whatever Temporal says',
    file: 'src/reconcile/confirm-told.ts',
    find: 'if (!closed || closed.byTemporal || !agrees(mirrored, closed)) return;',
    replace: 'if (!closed) return;',
    caughtBy: {
      test: 'test/reconcile/confirm.test.ts',
      name: 'what the mirror has otherwise is left to be looked at alone',
      says: /expected \[ …\(2\) \] to deeply equal \[ Array\(1\) \]/,
    },
  },
  {
    what: 'what hangs on an end may be lost with PostgreSQL after the end was told',
    file: 'src/reconcile/close-rows.ts',
    find: 'closeExecutions(session, ends));',
    replace: 'closeExecutions(session, ends), { asyncCommit: true });',
    caughtBy: {
      test: 'test/reconcile/confirm.test.ts',
      name: 'is on disk before the end is told',
      says: /"how": "off"/,
    },
  },
  {
    what: 'what a killed sweeper had in mind to close later is forgotten with it',
    file: 'src/reconcile/second-look.ts',
    find: 'ends.forEach(add);',
    replace: 'void ends;',
    caughtBy: {
      test: 'test/reconcile/second-look.test.ts',
      name: 'also when the process that saw the end is gone',
      says: /it is still/,
    },
  },
];
