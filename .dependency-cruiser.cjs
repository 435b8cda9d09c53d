/**
 * Who may import whom (by value; types are free). Each layer lists all it may import, so that a new dependency is a
 * decision and not an accident.
 */
const CORE = ['^(node:)?[a-z_]+(/promises|/consumers|/web)?$'];
const CONTRACT = ['^src/(contract|messages|ids|task-header|shorten|byte-length|transitions)\\.ts$'];
/** How a run's input travels: both sides of Temporal read it. */
const RUN_INPUT = ['^src/run-input\\.ts$'];
const PROBLEM = ['^src/problem\\.ts$'];
const PERMISSIONS = ['^src/permissions\\.ts$'];
const CATALOG = ['^activities/(catalog|define-executor)\\.ts$'];
const folders = (...names) => names.map((name) => `^src/${name}/`);
const packages = (...names) => names.map((name) => `(^|/)node_modules/${name}/`);

const layer = (name, from, may) => ({
  name: `${name}-imports`,
  severity: 'error',
  comment: `what ${name} may import is listed in .dependency-cruiser.cjs`,
  from: { path: from },
  to: { pathNot: [from, ...may] },
});

/** All that may end up in the bundle that runs inside Temporal's sandbox. */
const IN_THE_BUNDLE = ['^workflows/', ...folders('plan', 'expression'), ...CONTRACT, ...RUN_INPUT];
const JSONATA = ['^\\.build/jsonata\\.cjs$', ...packages('re2js')];

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'not-resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    layer('plan', '^src/plan/', []),
    layer('run-input', '^src/run-input\\.ts$', [...CONTRACT, '^src/plan/pack\\.ts$']),
    layer('expression', '^src/expression/', [...CONTRACT, ...JSONATA]),
    layer('definition', '^src/definition/', [
      ...folders('plan', 'expression'),
      ...CONTRACT,
      ...PROBLEM,
      ...packages('zod', 'yaml', 'ajv', 'ajv-formats', 're2js'),
    ]),
    layer('workflows', '^workflows/', [...IN_THE_BUNDLE, ...packages('@temporalio/workflow', '@temporalio/common')]),
    {
      name: 'workflows-reach',
      severity: 'error',
      comment: 'what workflows import, however far away, runs inside the sandbox: no clock, no I/O, no large library',
      from: { path: '^workflows/' },
      to: {
        reachable: true,
        pathNot: [...IN_THE_BUNDLE, ...JSONATA, ...packages('@temporalio/workflow', '@temporalio/common')],
      },
    },
    layer('store and mirror', '^src/(store|mirror)/', [...CORE, ...CONTRACT, ...PROBLEM, ...packages('kysely', 'pg')]),
    layer('temporal', '^src/temporal/', [
      ...RUN_INPUT,
      ...CORE,
      ...CONTRACT,
      ...PROBLEM,
      ...packages('@temporalio/client', '@temporalio/common', '@temporalio/proto'),
    ]),
    layer('operations', '^src/operations/', [
      ...CORE,
      ...CONTRACT,
      ...PROBLEM,
      ...PERMISSIONS,
      ...CATALOG,
      ...folders('plan', 'definition', 'store', 'mirror', 'temporal'),
    ]),
    layer('reconcile', '^src/reconcile/', [
      ...CORE,
      ...CONTRACT,
      ...RUN_INPUT,
      ...PROBLEM,
      ...folders('plan', 'definition', 'store', 'mirror', 'temporal', 'operations'),
      '^src/lean-worker\\.ts$',
      ...packages('@temporalio/worker', '@temporalio/common', '@temporalio/proto'),
    ]),
    layer('api', '^src/api/', [
      ...CORE,
      ...CONTRACT,
      ...PROBLEM,
      ...PERMISSIONS,
      ...CATALOG,
      ...folders('plan', 'definition', 'store', 'mirror', 'temporal', 'operations'),
      ...packages('hono', '@hono/zod-openapi', 'zod', 'prom-client', 'swagger-ui-dist'),
    ]),
    layer('the client', '^src/cli/(client|server-events|exit-code)\\.ts$', [...CORE, ...CONTRACT, ...PROBLEM]),
    {
      name: 'activities-imports',
      severity: 'error',
      comment: 'activities may use any library, but nothing of the API, the command line or the interpreter',
      from: { path: '^activities/' },
      to: {
        path: [
          '^workflows/',
          ...folders('api', 'cli', 'dev', 'definition', 'expression', 'operations', 'reconcile', 'temporal'),
        ],
      },
    },
    {
      name: 'settings-enter-at-the-top',
      severity: 'error',
      comment: 'settings are read once where a process is composed, and handed down',
      from: { pathNot: ['^src/(server|start-worker|worker|migrate|build|cli)\\.ts$', '^src/(cli|dev)/'] },
      to: { path: '^src/config\\.ts$' },
    },
    {
      name: 'composition-is-the-end',
      severity: 'error',
      comment: 'nothing but the measurement is built on top of the command line and the local stack',
      from: { pathNot: ['^src/(cli|dev)/', '^src/cli\\.ts$', '^bench/'] },
      to: { path: folders('cli', 'dev') },
    },
    {
      name: 'measured-from-outside',
      severity: 'error',
      comment: 'what is shipped needs neither the measurement nor the tests',
      from: { pathNot: ['^bench/', '^test/'] },
      to: { path: ['^bench/', '^test/'] },
    },
  ],
  options: {
    // A package of its own, which is installed where it is wanted.
    exclude: { path: '^bench/peers/' },
    doNotFollow: { path: ['node_modules', '^\\.build/'] },
    // Else type imports count, and the bundle's rule cries wolf.
    tsPreCompilationDeps: false,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
