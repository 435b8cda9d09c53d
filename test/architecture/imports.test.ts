import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const depcruise = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const scratch = mkdtempSync(path.join(tmpdir(), 'weft-imports-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** What breaks each rule: the file and its import. */
const BREACHES = [
  ['plan-imports', 'src/plan/library.ts', 'zod'],
  ['run-input-imports', 'src/run-input.ts', 'node:crypto'],
  ['expression-imports', 'src/expression/core.ts', 'node:fs'],
  ['definition-imports', 'src/definition/database.ts', 'pg'],
  ['workflows-imports', 'workflows/core.ts', 'node:crypto'],
  ['workflows-reach', 'workflows/far.ts', '../src/plan/library.ts'],
  ['store and mirror-imports', 'src/mirror/upwards.ts', '../api/app.ts'],
  ['temporal-imports', 'src/temporal/database.ts', 'kysely'],
  ['operations-imports', 'src/operations/upwards.ts', '../api/app.ts'],
  ['reconcile-imports', 'src/reconcile/upwards.ts', '../api/app.ts'],
  ['api-imports', 'src/api/database.ts', 'pg'],
  ['the client-imports', 'src/cli/client.ts', 'pg'],
  ['activities-imports', 'activities/upwards.ts', '../src/api/app.ts'],
  ['settings-enter-at-the-top', 'src/store/settings.ts', '../config.ts'],
  ['composition-is-the-end', 'src/api/downwards.ts', '../dev/index.ts'],
  ['measured-from-outside', 'src/api/measured.ts', '../../bench/bench.ts'],
  ['no-circular', 'src/plan/one.ts', './other.ts'],
] as const;

const FINE = {
  'src/plan/other.ts': "import './one.ts';",
  'src/plan/types.ts': "import type { Hono } from 'hono';\nexport type App = Hono;",
  'src/api/app.ts': '',
  'src/dev/index.ts': '',
  'bench/bench.ts': '',
  'src/config.ts': '',
};

type Violation = { readonly rule: { readonly name: string }; readonly from: string };

describe('import rules', () => {
  it('hold', () => {
    expect(violations(root).map(({ rule, from }) => `${rule.name}: ${from}`)).toEqual([]);
  });

  const broken = violations(makeProject());
  it.each(BREACHES)('%s is enforced', (rule, file) => {
    expect(broken.filter(({ from }) => from === file).map((violation) => violation.rule.name)).toContain(rule);
  });

  it('let types through', () => {
    expect(broken.filter(({ from }) => from === 'src/plan/types.ts')).toEqual([]);
  });
});

/** A small project that breaks every rule. */
function makeProject(): string {
  for (const name of ['.dependency-cruiser.cjs', 'tsconfig.json'])
    cpSync(path.join(root, name), path.join(scratch, name));
  symlinkSync(path.join(root, 'node_modules'), path.join(scratch, 'node_modules'));
  const breaches = BREACHES.map(([, file, imported]) => [file, `import '${imported}';`] as const);
  for (const [file, text] of [...Object.entries(FINE), ...breaches]) {
    mkdirSync(path.dirname(path.join(scratch, file)), { recursive: true });
    writeFileSync(path.join(scratch, file), `${text}\nexport {};\n`);
  }
  return scratch;
}

function violations(project: string): readonly Violation[] {
  const args = [depcruise, '--output-type', 'json', 'src', 'workflows', 'activities', 'bench'];
  // A project with violations exits with their number; the report is on stdout all the same.
  const { stdout } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8', maxBuffer: 2 ** 28 });
  return (JSON.parse(stdout) as { summary: { violations: readonly Violation[] } }).summary.violations;
}
