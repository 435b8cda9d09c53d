import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { RequestFailed } from '../../src/cli/client.ts';
import { printError } from '../../src/cli/print-error.ts';
import { createTerminal } from '../../src/cli/terminal.ts';

it('shows a problem in its place, with the line and the hint', () => {
  const stderr = new PassThrough();
  const terminal = createTerminal({ stdin: new PassThrough(), stdout: new PassThrough(), stderr, cwd: '/', env: {} });
  const error = new RequestFailed({
    status: 422,
    code: 'DEFINITION_INVALID',
    title: "The definition can't be saved",
    detail: '2 problems',
    errors: [
      {
        pointer: '/tasks/1/dependencies/0',
        line: 3,
        column: 29,
        code: 'TASK_UNKNOWN',
        message: "There is no task 'chek' beside 'pay'.",
        hint: "Did you mean 'check'?",
      },
      { pointer: '/name', code: 'REQUIRED', message: 'It is missing.' },
    ],
  });
  const source = {
    name: 'claim.yaml',
    text: 'tasks:\n  - { id: check, type: wait }\n  - { id: pay, dependencies: [chek] }\n',
  };
  expect(printError(error, terminal, source)).toBe(2);
  expect(String(stderr.read())).toBe(
    [
      "claim.yaml DEFINITION_INVALID The definition can't be saved: 2 problems",
      "claim.yaml:3:29 TASK_UNKNOWN There is no task 'chek' beside 'pay'.",
      '  3 |   - { id: pay, dependencies: [chek] }',
      '    |                             ^',
      "  Did you mean 'check'?",
      'claim.yaml /name REQUIRED It is missing.',
      '',
    ].join('\n'),
  );
});
