/** Weft against hand-written Temporal code and other engines, side by side on one machine: `npm run bench`. */
import { writeFile } from 'node:fs/promises';
import { installPeers } from './install-peers.ts';
import { inLab } from './lab.ts';
import { judge } from './judge.ts';
import type { Machine } from './machine.ts';
import { describeMachine, loadNow } from './machine.ts';
import type { Options } from './options.ts';
import { readOptions, USAGE } from './options.ts';
import { partsOf } from './parts.ts';
import { requirementsOf } from './requirements.ts';
import type { Requirement } from './requirements.ts';
import type { Sample } from './sample.ts';
import type { Servers } from './servers.ts';
import { startServers } from './servers.ts';
import { ensureTemporalServer } from './temporal-server/install.ts';
import { showVerdicts } from './show-verdicts.ts';
import { showWorkload } from './show-workload.ts';

const say = (line: string): void => console.log(line);

async function run(servers: Servers, options: Options, load: number): Promise<void> {
  const samples: Sample[] = [];
  const requirements = requirementsOf(options.temporalStore);
  const parts = partsOf(options, say);
  const labs = options.isShort ? [parts] : parts.map((part) => [part]);
  for (const [number, inThis] of labs.entries()) {
    await inLab(servers, options.profiles, async (lab) => {
      const machine = await describeMachine(lab.database, lab.client('default'), load);
      if (number === 0) say(describe(machine, options));
      for (const { name, about, run: measure } of inThis) {
        say(`\n${name}: ${about}`);
        samples.push(...(await measure(lab)));
        say(['', ...showWorkload(samples, name)].join('\n'));
        await keep(options, machine, { requirements, samples });
      }
    });
  }
  const verdicts = requirements.map((requirement) => judge(samples, requirement));
  say(
    ['', ...showVerdicts(verdicts), '', 'CPU is per 1,000 tasks; statements, WAL and history are per task.'].join('\n'),
  );
}

function describe(machine: Machine, { temporalStore }: Options): string {
  const { cores, processor, memoryGb, load, node, sdk, temporal, postgres } = machine;
  return `${cores} cores (${processor}), ${memoryGb} GB, load ${load.toFixed(2)} before; Node ${node}, SDK ${sdk}, Temporal ${temporal} (state in ${temporalStore === 'memory' ? 'memory' : 'a PostgreSQL of its own'}), PostgreSQL ${postgres}`;
}

/** After each workload: a run that is broken off keeps what it has. */
async function keep(
  { json, pairs, temporalStore }: Options,
  machine: Machine,
  { requirements, samples }: { readonly requirements: readonly Requirement[]; readonly samples: readonly Sample[] },
): Promise<void> {
  if (json === undefined) return;
  const verdicts = requirements.map((requirement) => judge(samples, requirement));
  await writeFile(json, `${JSON.stringify({ machine, temporalStore, pairs, verdicts, samples }, null, 1)}\n`);
}

const load = loadNow();
let options: Options;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exit(2);
}
if (options.hasPeers) await installPeers(say);
const servers = await startServers(
  options.temporalStore === 'PostgreSQL' ? await ensureTemporalServer(say) : undefined,
);
// A Ctrl-C takes the servers with it, also when it comes twice: npm passes on what all of us were sent.
let stopping: Promise<void> | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => void (stopping ??= servers.stop().finally(() => process.exit(1))));
try {
  await run(servers, options, load);
} finally {
  await servers.stop();
}
process.exit(0);
