import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startWeft } from '../stack/weft.ts';
import type { TestWeft } from '../stack/weft.ts';
import { runWeft } from './run-weft.ts';
import type { Ran } from './run-weft.ts';

const FILES = {
  'hello.yaml': `
name: hello
input: { type: object, required: [name], properties: { name: { type: string } } }
tasks:
  - { id: greet, type: executor, executor: transform, with: { value: "{% 'Hello, ' & $input.name & '!' %}" } }
output: "{% $tasks.greet.output %}"
`,
  'asks.yaml': `
tasks:
  - { id: ask, type: approval, title: Well?, assignees: [manager] }
output: { by: "{% $tasks.ask.output.decidedBy %}", data: "{% $tasks.ask.output.data %}" }
`,
  'fails.json':
    '{"name": "fails", "tasks": [{"id": "stop", "type": "fail", "code": "NO_MONEY", "detail": "There is none."}]}',
  'wrong.yaml': `name: wrong
tasks:
  - { id: a, type: wait, for: 1s }
  - { id: b, type: wait, for: 1s, dependencies: [aa] }
`,
};

describe('the command line, against a running Weft', () => {
  const cwd = mkdtempSync(path.join(tmpdir(), 'weft-cli-'));
  let weft: TestWeft;
  const run = (...args: string[]): Promise<Ran> => runWeft(args, { cwd });

  beforeAll(async () => {
    weft = await startWeft();
    const { address, namespace, uiUrl } = inject('weft').temporal;
    const ready = {
      api: weft.url,
      key: weft.keys.developer,
      managerKey: weft.keys.manager,
      database: weft.superuserUrl,
      temporal: { address, namespace, ui: uiUrl },
    };
    mkdirSync(path.join(cwd, '.weft'));
    writeFileSync(path.join(cwd, '.weft', 'ready.json'), JSON.stringify(ready));
    for (const [name, content] of Object.entries(FILES)) writeFileSync(path.join(cwd, name), content);
    const applied = await run('apply', 'hello.yaml', 'asks.yaml', 'fails.json');
    expect(applied).toMatchObject({ code: 0, err: '' });
    expect(applied.out).toMatch(/^WORKFLOW +VERSION\nhello +1\nasks +1\nfails +1\n$/);
  });
  afterAll(async () => {
    await weft.stop();
    rmSync(cwd, { recursive: true });
  });

  async function startAsking(id: string): Promise<void> {
    expect(await run('run', 'asks', '--id', id)).toMatchObject({ code: 0 });
    await weft.until('it asks', async () => (await weft.manager('GET', `/approvals/${id}~ask`)).status === 200);
  }

  it('shows what is wrong with a definition in its place', async () => {
    for (const command of ['apply', 'validate']) {
      const { code, err } = await run(command, 'wrong.yaml');
      expect(code).toBe(2);
      expect(err).toMatch(/wrong\.yaml:4:\d+ TASK_UNKNOWN .*\n {2}4 \| .*dependencies: \[aa\]/);
      expect(err).toContain("'a'");
    }
    expect(await run('validate', 'hello.yaml', '-o', 'jsonl')).toMatchObject({
      code: 0,
      out: '{"file":"hello.yaml","valid":true,"problems":[]}\n',
    });
  });

  it('applies the rest when one file is wrong', async () => {
    const { code, out } = await run('apply', 'wrong.yaml', 'hello.yaml', '-o', 'jsonl');
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ workflow: 'hello', version: '1' });
  });

  it('runs and watches, in a pipe', async () => {
    const { code, out } = await run('run', 'hello', '--input', '{"name": "Ada"}', '--watch');
    expect(code).toBe(0);
    expect(out).toMatch(/success +\/greet/);
    expect(out).toMatch(/success +hello /);
    expect(out.trimEnd().split('\n').at(-1)).toBe('Hello, Ada!');
  });

  it('prints one JSON document, or one a line', async () => {
    const json = await run('run', 'hello', '-i', '{"name": "Ada"}', '-w', '-o', 'json');
    expect(JSON.parse(json.out)).toMatchObject({ status: 'success', output: 'Hello, Ada!' });
    const lines = await run('run', 'hello', '-i', '{"name": "Ada"}', '-w', '-o', 'jsonl');
    const events = lines.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; data: any });
    expect(events[0]?.event).toBe('snapshot');
    const last = events.at(-1)?.data;
    expect(last.status ?? last.execution.status).toBe('success');
  });

  it('takes the input from a file and from the standard input', async () => {
    writeFileSync(path.join(cwd, 'input.json'), '{"name": "File"}');
    expect((await run('run', 'hello', '-i', '@input.json', '-w')).out).toContain('Hello, File!');
    const piped = await runWeft(['run', 'hello', '-i', '@-', '-w'], { cwd, stdin: '{"name": "Pipe"}' });
    expect(piped.out).toContain('Hello, Pipe!');
  });

  it('refuses input that does not fit', async () => {
    const { code, err } = await run('run', 'hello', '--input', '{"name": 7}');
    expect(code).toBe(2);
    expect(err).toMatch(/INPUT_INVALID[^]*\/name/);
  });

  it('tells a failed execution by its exit code', async () => {
    const { code, out, err } = await run('run', 'fails', '--watch');
    expect(code).toBe(1);
    expect(out).toMatch(/failed +\/stop/);
    expect(err).toContain('NO_MONEY at /stop: There is none.');
  });

  it.each(['show', 'why', 'watch', 'cancel', 'terminate', 'pause', 'resume', 'approve'])(
    '%s of nothing is not found',
    async (command) => {
      const { code, err } = await run(command, 'nothing');
      expect(code).toBe(3);
      expect(err).toContain('NOT_FOUND');
    },
  );

  it('an execution that waits, is looked at, and is decided by another person', async () => {
    await startAsking('waits');
    expect(await run('watch', 'waits', '--timeout', '300ms')).toMatchObject({ code: 124 });
    const shown = await run('show', 'waits');
    expect(shown.out).toMatch(/waits at +\/ask/);
    const why = await run('why', 'waits');
    expect(why.out).toMatch(
      /^id +waits\nstatus +running\nwhy +Waits for a decision on 'Well\?' by manager.*: 0 of 1 votes\.\n\n\/ask {2}approval {2}since \S+ \(.* ago\)\n/,
    );
    expect(why.out).toContain('  - approve it: weft approve waits~ask\n');
    expect(JSON.parse((await run('why', 'waits', '-o', 'json')).out)).toMatchObject({ temporal: 'asked', waits: [{}] });
    expect((await run('approvals', '-o', 'jsonl', '--as', 'manager', '--assignee', 'me')).out).toContain('"waits~ask"');
    expect((await run('approvals')).out).toMatch(/waits~ask +open/);

    const own = await run('approve', 'waits');
    expect(own.code).toBe(5);
    expect(own.err).toContain('--as manager');
    const decided = await run('approve', 'waits', '--as', 'manager', '-c', 'fine', '-d', '{"limit": 3}', '-o', 'json');
    expect(decided.code).toBe(0);
    expect(JSON.parse(decided.out)).toMatchObject({
      status: 'approved',
      votes: [{ user: 'manager', comment: 'fine' }],
    });
    expect((await run('watch', 'waits')).out).toContain('{"by":"manager","data":{"limit":3}}');

    const late = await run('reject', 'waits~ask', '--as', 'manager');
    expect(late.code).toBe(4);
    expect(late.err).toMatch(/ALREADY_DECIDED.*manager/);
    expect(await run('approve', 'waits', '--as', 'manager')).toMatchObject({ code: 3 });
  });

  it('pauses, resumes, cancels and terminates', async () => {
    await startAsking('one');
    await startAsking('two');
    expect(await run('pause', 'one', '--reason', 'lunch')).toMatchObject({ code: 0 });
    await weft.until(
      'it pauses',
      async () => (await weft.developer('GET', '/executions/one')).body.status === 'paused',
    );
    expect(await run('resume', 'one')).toMatchObject({ code: 0 });
    expect(await run('cancel', 'one')).toMatchObject({ code: 0 });
    expect(await run('terminate', 'two', '-r', 'over')).toMatchObject({ code: 0 });
    expect(await run('watch', 'one', '--timeout', '30s')).toMatchObject({ code: 1 });
    expect(await run('watch', 'two', '--timeout', '30s')).toMatchObject({ code: 1 });
    expect(await run('cancel', 'one')).toMatchObject({ code: 4, err: expect.stringContaining('EXECUTION_ENDED') });
  });

  it('lists executions by page, filtered', async () => {
    const { out } = await run('ls', '--workflow', 'hello', '--status', 'success', '-o', 'jsonl', '--limit', '2');
    const rows = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toMatchObject([
      { workflow: 'hello', status: 'success' },
      { workflow: 'hello', status: 'success' },
    ]);
    expect((await run('ls', '--workflow', 'hello')).out).toMatch(/^ID +STATUS +WORKFLOW/);
  });

  it('sends an event', async () => {
    const plain = await run('events', 'send', 'order.paid', '--key', 'o-1', '--data', '{"n": 1}');
    expect(plain).toMatchObject({ code: 0, err: '' });
    expect(plain.out).toMatch(/^id +\S+\nname +order\.paid\nkey +o-1\n$/);
    const json = await run('events', 'send', 'order.sent', '-o', 'json');
    expect(JSON.parse(json.out)).toMatchObject({ name: 'order.sent', key: null, data: {}, createdBy: 'developer' });
  });

  it('asks the database', async () => {
    const { code, out } = await run(
      'sql',
      "select count(*) = 1 as there from weft.workflow_executions where id = 'waits'",
      '-o',
      'jsonl',
    );
    expect({ code, out }).toEqual({ code: 0, out: '{"there":true}\n' });
  });

  it('refuses a wrong key', async () => {
    const env = { WEFT_URL: weft.url, WEFT_KEY: 'wrong' };
    expect(await runWeft(['ls'], { cwd, env })).toMatchObject({
      code: 5,
      err: expect.stringContaining('UNAUTHENTICATED'),
    });
  });

  it('looks at everything and names what is not well', async () => {
    const env = { WEFT_TASK_QUEUE: weft.taskQueue };
    const { out, err } = await runWeft(['doctor', '-o', 'jsonl'], { cwd, env });
    const checks = new Map(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
        .map((check) => [check.name, check]),
    );
    const notWell = [...checks.values()].filter(({ ok }) => !ok).map(({ name }) => name);
    // The tests look around as a superuser, which nobody else should.
    expect(notWell).toEqual(['login']);
    expect(checks.get('login').detail).toContain('row-level security');
    expect(checks.get('mirror').detail).toContain('compared with Temporal');
    expect(err).toBe('');
  });

  it('is a program', async () => {
    const child = spawn(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), path.resolve('src/cli.ts'), 'show', 'nothing'],
      { cwd, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toContain('NOT_FOUND');
  });
});
