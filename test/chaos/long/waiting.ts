import type { Program } from '../programs.ts';

/** Calls the provider once and waits for an hour. */
export const waiting: Program = {
  name: 'chaos-waiting',
  status: 'success',
  tasks: `
  - { id: pay, type: executor, executor: http, with: { method: POST, url: '{% $input.url %}/{% $execution.id %}/pay', body: {} } }
  - { id: rest, type: wait, for: 1h }`,
  output: 'rested',
  effects: { '/pay': 'pay' },
  expected: () => 'rested',
};
