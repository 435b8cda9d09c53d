import { afterAll, beforeAll, expect, it } from 'vitest';
import { readMirrorRows } from '../stack/mirror-rows.ts';
import { startWeft } from '../stack/weft.ts';
import type { TestWeft } from '../stack/weft.ts';
import { runWeft } from './run-weft.ts';
import type { Ran } from './run-weft.ts';

let weft: TestWeft;
const run = (...args: string[]): Promise<Ran> =>
  runWeft(args, { cwd: '/', env: { WEFT_URL: weft.url, WEFT_KEY: weft.keys.developer } });

beforeAll(async () => {
  weft = await startWeft();
  await weft.save('tasks: [{ id: greet, type: executor, executor: transform, with: { value: Hello } }]', 'hello');
});
afterAll(() => weft.stop());

it('verify tells where the mirror is wrong, repair puts it right', async () => {
  expect(await run('run', 'hello', '--id', 'checked', '--watch')).toMatchObject({ code: 0 });
  await weft.until('confirmed', async () => (await weft.developer('GET', '/executions/checked')).body.confirmed);
  expect(await run('verify', 'checked')).toMatchObject({
    ...{ code: 0, out: '', err: '1 execution compared with Temporal: 0 differences\n' },
  });
  const mirror = readMirrorRows(weft.superuserUrl);
  await mirror.query(`update weft.task_executions set result = '"Bye"' where execution_id = 'checked'`);
  await mirror.close();
  const line = 'checked /greet  output: Temporal says "Hello", the mirror "Bye"\n';
  expect(await run('verify', 'checked')).toMatchObject({ code: 1, out: line });
  expect(await run('repair', 'checked', '--dry-run')).toMatchObject({ code: 1, out: line });
  expect(await run('repair', '--all')).toMatchObject({ code: 0, out: `repaired  ${line}` });
  expect(await run('verify', '--all')).toMatchObject({ code: 0, out: '' });
  expect(await run('verify')).toMatchObject({ code: 2 });
  expect(await run('verify', 'nobody')).toMatchObject({ code: 3 });
});
