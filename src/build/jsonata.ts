/** Makes of the installed JSONata a synchronous, bounded one: its 2.x awaits everything, and how often changes between releases. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EVALUATOR } from './jsonata-evaluator.ts';
import { FUNCTIONS } from './jsonata-functions.ts';
import { PARSER } from './jsonata-parser.ts';
import { REPAIRS } from './jsonata-repairs.ts';
import { rewrite, type Rewrite } from './rewrite.ts';
import { writeIfNew } from './write-if-new.ts';

/** The one release whose text the changes were written for. */
const VERSION = '2.2.2';

const MODULES: readonly Rewrite[] = [
  { why: 'module list', find: '},{}]},{},[3])(3)', put: '},{"./host":7}],\n//HOST\n},{},[3])(3)' },
  { why: 'modules with utils', find: '"./utils":6}', put: '"./utils":6,"./host":7}', times: 4 },
  { why: 'module of the parser', find: '},{"./signature":5}],5:', put: '},{"./signature":5,"./host":7}],5:' },
  {
    why: 'host in dates',
    find: "const utils = require('./utils');",
    put: "const utils = require('./utils');\nconst host = require('./host');",
  },
  {
    why: 'host in functions, evaluator and signatures',
    find: "var utils = require('./utils');",
    put: "var utils = require('./utils');\nvar host = require('./host');",
    times: 3,
  },
  {
    why: 'host in the parser',
    find: 'const parser = (() => {',
    put: "const host = require('./host');\nconst parser = (() => {",
  },
  {
    why: 'host in utils',
    find: 'const utils = (() => {',
    put: "const host = require('./host');\nconst utils = (() => {",
  },
  {
    why: 'bundlers follow no dynamic require',
    find: '"function"==typeof require&&require',
    put: 'undefined',
    times: 2,
  },
];

/** Function marks are symbols: data with such a field is not taken for a function. */
const MARKS: readonly Rewrite[] = [
  { why: 'lambda, tested', find: '._jsonata_lambda', put: '[host.LAMBDA]', times: 2 },
  { why: 'lambda, set', find: '_jsonata_lambda: true', put: '[host.LAMBDA]: true', times: 2 },
  { why: 'native, tested', find: '._jsonata_function', put: '[host.NATIVE]', times: 3 },
  { why: 'native, set', find: '_jsonata_function: true', put: '[host.NATIVE]: true' },
];

const SYNCHRONOUS: readonly Rewrite[] = [
  { why: 'comment', find: '                // e.g. await (await $func())\n', put: '' },
  { why: 'comment', find: '                // and `result` might be a generator - if so, yield\n', put: '' },
  { why: 'field', find: '            async: enclosingEnvironment ? enclosingEnvironment.async : false,\n', put: '' },
  { why: 'functions', find: 'async function', put: 'function', times: 40 },
  { why: 'arrows', find: 'async (', put: '(', times: 3 },
  { why: 'all', find: 'Promise.all(', put: '(', times: 2 },
  { why: 'awaits', find: 'await ', put: '', times: 91 },
];

/**
 * The synchronous source text.
 * @throws Error when the text is not that of the release the changes were written for
 */
export function makeSynchronous(source: string, host: string): string {
  const names = [...source.matchAll(/staticFrame\.bind\('(\w+)'/g)].map(([, name]) => name);
  const builtIns = JSON.stringify([...names, 'now', 'millis']);
  const text = rewrite(source, [
    ...MODULES,
    ...EVALUATOR,
    ...REPAIRS,
    ...FUNCTIONS,
    ...PARSER,
    ...MARKS,
    ...SYNCHRONOUS,
    {
      why: 'exports',
      find: 'jsonata.parser = parser; // TODO remove this in a future release - use ast() instead',
      put: `Object.assign(jsonata, { during: host.during, charge: host.charge, limit: host.limit, isFunction, builtIns: ${builtIns} });`,
    },
    { why: 'host', find: '//HOST', put: `7:[function(require,module,exports){\n${host}\n},{}]` },
  ]);
  const left = text.split('\n').filter((line) => /\b(async|await|yield|Promise)\b|function\s*\*/.test(line));
  if (left.length > 0) throw new Error(`Asynchronous code is left:\n  ${left.join('\n  ')}`);
  return text;
}

/**
 * Writes `jsonata.cjs` and its types into `output`, unless they are there already.
 * @throws Error when another version is installed, or its text is not as expected
 */
export async function buildJsonata(project: string, output: string): Promise<void> {
  const installed = join(project, 'node_modules/jsonata');
  const { version } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as { version: string };
  if (version !== VERSION) {
    throw new Error(`jsonata ${version} is installed, but its synchronous form is made for ${VERSION}: run npm ci`);
  }
  const parts = join(project, 'src/build');
  const source = await readFile(join(installed, 'jsonata.js'), 'utf8');
  const host = await readFile(join(parts, 'jsonata-host.cjs'), 'utf8');
  const types = await readFile(join(parts, 'jsonata-types.d.cts'), 'utf8');
  await writeIfNew(join(output, 'jsonata.cjs'), makeSynchronous(source, host));
  await writeIfNew(join(output, 'jsonata.d.cts'), types);
}
