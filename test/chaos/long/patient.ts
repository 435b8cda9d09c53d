import type { Program } from '../programs.ts';

const ROUNDS = 12;

/** Calls the provider every 15 s for 3 minutes. */
export const patient: Program = {
  name: 'chaos-patient',
  status: 'success',
  tasks: `
  - id: rounds
    type: foreach
    items: ${JSON.stringify(Array.from({ length: ROUNDS }, (_, index) => index))}
    maxConcurrency: 1
    collect: none
    tasks:
      - { id: nap, type: wait, for: 15s }
      - id: call
        type: executor
        executor: http
        timeout: 5s
        retry: { maxAttempts: 0, initialInterval: 500ms }
        with: { method: POST, url: '{% $input.url %}/{% $execution.id %}/call-{% $item %}', body: {} }
  - { id: done, type: executor, executor: transform, with: { value: done } }`,
  output: '{% $tasks.done.output %}',
  effects: Object.fromEntries(
    Array.from({ length: ROUNDS }, (_, index) => [`/rounds[${index}]/call`, `call-${index}`] as const),
  ),
  expected: () => 'done',
};
