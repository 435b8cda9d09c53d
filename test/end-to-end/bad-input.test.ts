import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestWeft } from '../stack/weft.ts';
import { startWeft } from '../stack/weft.ts';

const set = (id: string, rest = ''): string => `  - { id: ${id}, type: set, vars: { x: 1 }${rest} }\n`;

const definitions: readonly [name: string, source: string, code: string, pointer: string][] = [
  ['broken YAML', 'tasks:\n  - { id: a, type: set\n', 'YAML_INVALID', ''],
  ['an unknown field', `tasks:\n${set('a', ', color: red')}`, 'FIELD_UNKNOWN', '/tasks/0/color'],
  [
    'a cycle',
    `tasks:\n${set('a', ', dependencies: [b]')}${set('b', ', dependencies: [a]')}`,
    'DEPENDENCY_CYCLE',
    '/tasks/',
  ],
  [
    'an unknown executor',
    'tasks:\n  - { id: a, type: executor, executor: htpp, with: {} }\n',
    'EXECUTOR_UNKNOWN',
    '/tasks/0/executor',
  ],
  [
    'an expression that does not parse',
    'tasks:\n  - { id: a, type: set, vars: { x: "{% 1 + %}" } }\n',
    'EXPRESSION_INVALID',
    '/tasks/0/vars/x',
  ],
  [
    'a task that cannot have run',
    `tasks:\n  - { id: a, type: set, vars: { x: "{% $tasks.b.output %}" } }\n${set('b')}`,
    'TASK_NOT_VISIBLE',
    '/tasks/0/vars/x',
  ],
];

describe('bad input: a 4xx problem with a pointer, no row, nothing started', () => {
  let weft: TestWeft;
  let database: Client;

  beforeAll(async () => {
    weft = await startWeft();
    database = new Client({ connectionString: weft.superuserUrl });
    await database.connect();
    await weft.save(
      `input: { type: object, required: [n], properties: { n: { type: integer } } }\ntasks:\n${set('a')}`,
      'good',
    );
  });
  afterAll(async () => {
    await database.end();
    await weft.stop();
  });

  async function rows(): Promise<unknown> {
    const { rows: counts } = await database.query(
      'select (select count(*) from weft.workflows) as workflows, (select count(*) from weft.workflow_definitions) as definitions, (select count(*) from weft.workflow_executions) as executions',
    );
    return counts[0];
  }

  async function put(body: string, type = 'application/yaml'): Promise<{ status: number; body: any }> {
    const response = await fetch(`${weft.url}/api/v1/workflows/bad`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${weft.keys.developer}`, 'content-type': type },
      body,
    });
    return { status: response.status, body: await response.json() };
  }

  it.each(definitions)('a definition with %s', async (_, source, code, pointer) => {
    const before = await rows();
    const { status, body } = await put(source);
    expect(status).toBe(422);
    expect(body.code).toBe('DEFINITION_INVALID');
    const found = body.errors.find((error: any) => error.code === code);
    expect(found, JSON.stringify(body.errors)).toBeDefined();
    expect(found.pointer).toContain(pointer);
    expect(found.line).toBeGreaterThan(0);
    expect(await rows()).toEqual(before);
  });

  it('nesting of 3,000', async () => {
    const before = await rows();
    const nested = `{"tasks": ${'['.repeat(3_000)}${']'.repeat(3_000)}}`;
    const { status, body } = await put(nested, 'application/json');
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(body.errors[0].pointer).toBeDefined();
    expect(await rows()).toEqual(before);
  });

  it('input that breaks the schema', async () => {
    const before = await rows();
    const answer = await weft.developer('POST', '/executions', { workflow: 'good', input: { n: 'one' } });
    expect(answer).toMatchObject({ status: 422, body: { code: 'INPUT_INVALID', errors: [{ pointer: '/n' }] } });
    expect(await rows()).toEqual(before);
  });

  it('a body over the limit, also in chunks', async () => {
    const before = await rows();
    expect((await put(`description: ${'x'.repeat(2_000_000)}`)).status).toBe(413);
    const chunk = new TextEncoder().encode('x'.repeat(100_000));
    let sent = 0;
    const stream = new ReadableStream({
      pull(controller) {
        if (sent++ < 30) controller.enqueue(chunk);
        else controller.close();
      },
    });
    const response = await fetch(`${weft.url}/api/v1/executions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${weft.keys.developer}`, 'content-type': 'application/json' },
      body: stream,
      duplex: 'half',
    });
    expect(response.status).toBe(413);
    expect(await rows()).toEqual(before);
  });

  it('an unknown workflow, an unknown execution, no key', async () => {
    expect(await weft.developer('POST', '/executions', { workflow: 'nope' })).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND' },
    });
    expect(await weft.developer('GET', '/executions/nope')).toMatchObject({ status: 404 });
    expect((await fetch(`${weft.url}/api/v1/executions`)).status).toBe(401);
  });

  it('poison expressions end as task errors in under a second each, other executions go on', async () => {
    const poison: readonly [expression: string, code: string][] = [
      ['($f := function($n) { $f($n + 1) }; $f(1))', 'EXPRESSION_LIMIT'],
      ['[1..1000000000]', 'EXPRESSION_LIMIT'],
      ['$pad(\\"x\\", 500000000)', 'EXPRESSION_LIMIT'],
    ];
    for (const [index, [expression]] of poison.entries()) {
      await weft.save(`tasks:\n  - { id: a, type: set, vars: { x: "{% ${expression} %}" } }\n`, `poison-${index}`);
    }
    await weft.save(
      `tasks:\n  - { id: a, type: set, vars: { x: "{% $contains($input.text, /(a+)+$/) %}" } }\noutput: "{% $vars.x %}"\n`,
      'regex',
    );
    await weft.run('good', { n: 1 });
    for (const [index, [, code]] of poison.entries()) {
      // The workflow's own clock stands still meanwhile: only a wall clock sees it.
      const began = Date.now();
      const [bad, good] = await Promise.all([weft.run(`poison-${index}`, {}), weft.run('good', { n: 1 })]);
      expect(bad).toMatchObject({ status: 'failed', error: { code, task: '/a' } });
      expect(good.status).toBe('success');
      console.log(`${poison[index]![0]}: ${Date.now() - began} ms from the request to the end of both`);
    }
    const began = Date.now();
    expect(await weft.run('regex', { text: `${'a'.repeat(30_000)}!` })).toMatchObject({
      status: 'success',
      output: false,
    });
    console.log(`(a+)+$ over 30,000 characters: ${Date.now() - began} ms`);
  });
});
