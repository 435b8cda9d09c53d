/** A defect: what stands in a file of the interpreter instead of what is right. */
export type Mutant = { readonly what: string; readonly file: string; readonly from: string; readonly to: string };

/** Defects that the model must find. */
export const MUTANTS: readonly Mutant[] = [
  {
    what: 'compensations in the order of finishing',
    file: 'workflows/compensate.ts',
    from: 'run.compensations.findLast(',
    to: 'run.compensations.find(',
  },
  {
    what: 'the losers of a race run on',
    file: 'workflows/tasks/parallel.ts',
    from: 'if (isDecided()) scope.cancel();',
    to: '',
  },
  {
    what: 'a race decided one branch too early',
    file: 'workflows/tasks/parallel.ts',
    from: 'const needed = task.join ?? branches.length;',
    to: 'const needed = task.join === undefined ? branches.length : Math.max(task.join - 1, 1);',
  },
  {
    what: 'one iteration of a loop too many',
    file: 'workflows/tasks/loop.ts',
    from: 'if (index >= task.maxIterations)',
    to: 'if (index > task.maxIterations)',
  },
  {
    what: '$result of the iteration before the last in until',
    file: 'workflows/tasks/loop.ts',
    from: 'holds(task.until, index, output)',
    to: 'holds(task.until, index, null)',
  },
  {
    what: 'one failure too many put up with',
    file: 'workflows/iterations.ts',
    from: 'state.failures <= of.allowedFailures',
    to: 'state.failures <= of.allowedFailures + 1',
  },
  {
    what: 'percent rounded up',
    file: 'workflows/tasks/foreach.ts',
    from: 'Math.floor((count * tolerate.percent) / 100)',
    to: 'Math.ceil((count * tolerate.percent) / 100)',
  },
  {
    what: 'finally cut off by a cancellation',
    file: 'workflows/tasks/try.ts',
    from: 'host: frame.host.shield()',
    to: 'host: frame.host',
  },
  {
    what: '* catches CANCELLED',
    file: 'workflows/tasks/try.ts',
    from: "!['CANCELLED', 'TERMINATED'].includes(error.code)",
    to: 'true',
  },
  {
    what: 'an error of finally wins over an earlier one',
    file: 'workflows/tasks/try.ts',
    from: "if (ending.kind === 'success' || !(error instanceof TaskError)) throw error;",
    to: 'throw error;',
  },
  {
    what: 'variables leak out of branches and iterations',
    file: 'workflows/scope.ts',
    from: 'vars: { ...frame.vars }, changes: {}',
    to: 'changes: {}',
  },
  {
    what: 'else when true',
    file: 'workflows/tasks/condition.ts',
    from: "? 'then' : 'else'",
    to: "? 'else' : 'then'",
  },
  {
    what: 'the last case that is true',
    file: 'workflows/tasks/switch.ts',
    from: 'task.cases.findIndex(',
    to: 'task.cases.findLastIndex(',
  },
  {
    what: 'next: end goes on with the task below',
    file: 'workflows/run-jumps.ts',
    from: '(indexes.get(target) ?? tasks.length)',
    to: '(indexes.get(target) ?? state.at + 1)',
  },
  {
    what: 'an event is taken twice',
    file: 'workflows/tasks/event.ts',
    from: 'close(taken.map(({ id }) => id))',
    to: 'close([])',
  },
  {
    what: 'a child runs on when nobody waits for it any more',
    file: 'workflows/tasks/sub-workflow.ts',
    from: "if (task.onParentClose === 'abandon') return;",
    to: 'return;',
  },
  {
    what: 'an escalation that fails at once',
    file: 'workflows/tasks/approval.ts',
    from: "stage.onTimeout === 'escalate' && stage.escalateTo",
    to: 'stage.escalateTo && false',
  },
  {
    what: 'the next run forgets when a task began',
    file: 'workflows/run-task.ts',
    from: "typeof before?.['startedAt'] === 'number' ? before['startedAt'] : (early?.startedAt ?? frame.host.now())",
    to: 'early?.startedAt ?? frame.host.now()',
  },
  {
    what: 'the next run forgets compensations',
    file: 'workflows/go-on.ts',
    from: 'compensations: run.compensations,',
    to: 'compensations: [],',
  },
  {
    what: 'the next run forgets the variables that a loop has set',
    file: 'workflows/tasks/loop.ts',
    from: 'setVariables(frame, state.vars ?? {});',
    to: '',
  },
];
