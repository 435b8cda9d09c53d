import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestApp } from './app.ts';
import { createTestApp } from './app.ts';

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp();
});
afterAll(async () => {
  await api.close();
});

// Nothing works on this queue: what is accepted stays as it is.
const start = async (workflow: string, input: object = {}) => {
  const { status, body } = await api.call('developer', 'POST', '/executions', { workflow, input });
  return { status, version: body.version, code: body.code };
};
const put = (workflow: string, x: number, more: object = {}) =>
  api.call('developer', 'PUT', `/workflows/${workflow}`, { tasks: [{ id: 'a', type: 'set', vars: { x } }], ...more });

// What a process knows of a workflow from a start may have changed by the next, there or in another process.
it('the version that has become current', async () => {
  await put('moved', 1);
  expect(await start('moved')).toMatchObject({ status: 202, version: '1' });
  await put('moved', 2);
  expect(await start('moved')).toMatchObject({ status: 202, version: '2' });
  expect(await start('moved')).toMatchObject({ status: 202, version: '2' });
});

it('an input that the version of before would have refused, or taken', async () => {
  await put('looser', 1, { input: { type: 'object', required: ['n'] } });
  expect(await start('looser', { n: 1 })).toMatchObject({ status: 202 });
  expect(await start('looser')).toMatchObject({ status: 422, code: 'INPUT_INVALID' });
  await put('looser', 1, { input: { type: 'object' } });
  expect(await start('looser')).toMatchObject({ status: 202, version: '2' });
  await put('looser', 1, { input: { type: 'object', required: ['m'] } });
  expect(await start('looser')).toMatchObject({ status: 422, code: 'INPUT_INVALID' });
});

it('a workflow that was deleted, and came again', async () => {
  await put('gone', 1);
  expect(await start('gone')).toMatchObject({ status: 202 });
  await api.call('developer', 'DELETE', '/workflows/gone');
  expect(await start('gone')).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  await put('gone', 2);
  expect(await start('gone')).toMatchObject({ status: 202, version: '2' });
});
