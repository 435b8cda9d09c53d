import { describe, expect, it } from 'vitest';
import { compile } from '../../src/definition/compile.ts';
import type { CatalogEntry, CompileOptions } from '../../src/definition/compile.ts';
import type { TaskOf } from '../../src/plan/plan.ts';

const catalog: readonly CatalogEntry[] = [
  { name: 'call', local: false, inputSchema: {}, defaults: undefined },
  {
    name: 'slow',
    local: true,
    inputSchema: {},
    defaults: {
      timeout: '5m',
      heartbeatTimeout: '20s',
      retry: { maxAttempts: 7, initialInterval: '2s', nonRetryable: ['GONE'] },
    },
  },
];

function valid(source: string, options: Partial<CompileOptions> = {}) {
  const compiled = compile(source, { format: 'yaml', catalog, ...options });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems, null, 2));
  return compiled;
}

function executorTask(source: string): TaskOf<'executor'> {
  const [task] = valid(source).plan.tasks;
  if (task?.type !== 'executor') throw new Error('it is no executor task');
  return task;
}

describe('a Plan', () => {
  it('is frozen all the way down', () => {
    const { plan } = valid('tasks: [{ id: a, type: executor, executor: call, with: { deep: [{ x: 1 }] } }]');
    const open: unknown[] = [plan];
    for (let value = open.pop(); value !== undefined; value = open.pop()) {
      if (typeof value !== 'object' || value === null) continue;
      expect(Object.isFrozen(value)).toBe(true);
      open.push(...Object.values(value));
    }
  });

  it('waits for what is above, or for what is named', () => {
    const { plan } = valid(`
tasks:
  - { id: a, type: set, vars: {} }
  - { id: b, type: set, vars: {} }
  - { id: c, type: set, vars: {}, dependencies: [] }
  - { id: d, type: set, vars: {}, dependencies: [b, c, b] }
  - { id: e, type: set, vars: {} }`);
    expect(plan.tasks.map(({ id, after }) => [id, after])).toEqual([
      ['a', []],
      ['b', ['a']],
      ['c', []],
      ['d', ['b', 'c']],
      ['e', ['d']],
    ]);
  });

  it('is the same from YAML and from JSON, whatever the order of fields', () => {
    const yaml = valid('name: x\ntasks: [{ type: set, vars: { b: 1, a: 2 }, id: t }]');
    const json = valid('{"tasks": [{"id": "t", "type": "set", "vars": {"b": 1, "a": 2}}], "name": "x"}', {
      format: 'json',
    });
    expect(json.plan).toEqual(yaml.plan);
  });
});

describe('defaults', () => {
  it("are the engine's", () => {
    expect(executorTask('tasks: [{ id: a, type: executor, executor: call }]')).toMatchObject({
      with: {},
      timeout: 60_000,
      retry: {
        maxAttempts: 3,
        initialInterval: 1_000,
        backoffCoefficient: 2,
        maximumInterval: 60_000,
        nonRetryable: [],
      },
    });
  });

  it("are the executor's, over the engine's", () => {
    expect(executorTask('tasks: [{ id: a, type: executor, executor: slow }]')).toMatchObject({
      timeout: 300_000,
      heartbeatTimeout: 20_000,
      local: true,
      retry: {
        maxAttempts: 7,
        initialInterval: 2_000,
        backoffCoefficient: 2,
        maximumInterval: 60_000,
        nonRetryable: ['GONE'],
      },
    });
  });

  it("are the definition's, over the executor's", () => {
    const defaults = 'defaults: { timeout: 30s, retry: { maxAttempts: 4, backoffCoefficient: 3 } }';
    expect(executorTask(`${defaults}\ntasks: [{ id: a, type: executor, executor: slow }]`)).toMatchObject({
      timeout: 30_000,
      heartbeatTimeout: 20_000,
      retry: { maxAttempts: 4, initialInterval: 2_000, backoffCoefficient: 3 },
    });
  });

  it("are the task's, over all", () => {
    const defaults = 'defaults: { timeout: 30s, retry: { maxAttempts: 4 } }';
    const task = 'timeout: 1500ms, heartbeatTimeout: 2s, retry: { maxAttempts: 0, nonRetryable: [] }';
    expect(executorTask(`${defaults}\ntasks: [{ id: a, type: executor, executor: slow, ${task} }]`)).toMatchObject({
      timeout: 1_500,
      heartbeatTimeout: 2_000,
      retry: { maxAttempts: 0, initialInterval: 2_000, nonRetryable: [] },
    });
  });

  it('never wait longest for less than first', () => {
    const { retry } = executorTask(
      'tasks: [{ id: a, type: executor, executor: call, retry: { initialInterval: 5m } }]',
    );
    expect(retry).toMatchObject({ initialInterval: 300_000, maximumInterval: 300_000 });
  });

  it("on another task queue know nothing of the executor, whose name isn't ours", () => {
    expect(
      executorTask('tasks: [{ id: a, type: executor, executor: charge_card, taskQueue: python, with: 5 }]'),
    ).toMatchObject({
      executor: 'charge_card',
      taskQueue: 'python',
      local: false,
      timeout: 60_000,
    });
    expect(executorTask('tasks: [{ id: a, type: executor, executor: slow, taskQueue: python }]')).toMatchObject({
      timeout: 60_000,
    });
  });
});

describe('what a definition says of itself', () => {
  const tasks = 'tasks: [{ id: a, type: set, vars: {} }]';

  it('is handed on', () => {
    const source = `$schema: x\nname: n\nversion: 1.2.0\ntitle: T\ndescription: D\ncategory: C\ntags: [a, b]\ninput: { type: object }\n${tasks}`;
    const { meta, plan, body } = valid(source);
    expect(meta).toEqual({
      name: 'n',
      version: '1.2.0',
      title: 'T',
      description: 'D',
      category: 'C',
      tags: ['a', 'b'],
      inputSchema: { type: 'object' },
    });
    expect(plan).toMatchObject({ name: 'n', version: '1.2.0', title: 'T' });
    expect(body).toMatchObject({ $schema: 'x', category: 'C' });
  });

  it('may be next to nothing', () => {
    expect(valid(tasks, { name: 'given', version: '7' }).meta).toEqual({
      name: 'given',
      version: '7',
      title: 'given',
      description: null,
      category: null,
      tags: [],
      inputSchema: null,
    });
    expect(valid(tasks).meta).toMatchObject({ name: '', version: undefined });
  });

  it('must be the name it is saved as, and one at all', () => {
    const problems = (source: string, name: string) => {
      const compiled = compile(source, { format: 'yaml', name, catalog });
      return compiled.ok ? [] : compiled.problems.map(({ code, pointer }) => `${code} ${pointer}`);
    };
    expect(problems(`name: one\n${tasks}`, 'one')).toEqual([]);
    expect(problems(`name: one\n${tasks}`, 'two')).toEqual(['NAME_INVALID /name']);
    expect(problems(tasks, 'a/b')).toEqual(['NAME_INVALID ']);
    expect(problems(tasks, 'ä'.repeat(128))).toEqual([]);
    expect(problems(tasks, 'ä'.repeat(129))).toEqual(['NAME_INVALID ']);
  });
});

describe('limits', () => {
  it('a path with its indexes stays under 1,000 bytes', () => {
    const id = (level: number): string => `t${level}${'x'.repeat(60)}`;
    const nest = (levels: number, level = 0): string =>
      level === levels
        ? `{"id": "inner", "type": "set", "vars": {}}`
        : `{"id": "${id(level)}", "type": "foreach", "items": [1], "tasks": [${nest(levels, level + 1)}]}`;
    const codes = (levels: number) => {
      const compiled = compile(`{"tasks": [${nest(levels)}]}`, { format: 'json', catalog });
      return compiled.ok ? [] : compiled.problems.map(({ code }) => code);
    };
    expect(codes(13)).toEqual([]);
    expect(codes(20)).toEqual(['PATH_TOO_LONG']);
  });

  it('a Plan has 256 kB at most, in bytes', () => {
    const size = (text: string) =>
      compile(JSON.stringify({ tasks: [{ id: 'a', type: 'set', vars: { x: text } }] }), { format: 'json', catalog }).ok;
    expect(size('x'.repeat(261_000))).toBe(true);
    expect(size('x'.repeat(262_144))).toBe(false);
    expect(size('ä'.repeat(140_000))).toBe(false);
  });
});
