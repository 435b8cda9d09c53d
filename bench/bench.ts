/** Weft against hand-written Temporal code: `npm run bench`. */
import { startServers } from './servers.ts';
import { runWorkload } from './run-workload.ts';
import { VARIANTS } from './variants/index.ts';
import { WORKLOADS } from './workloads/index.ts';
const servers = await startServers();
try {
  const names = (process.env['V'] ?? 'hand normal,weft normal').split(',');
  for (const workload of WORKLOADS.filter(w => (process.env['W'] ?? 'three').split(',').includes(w.name))) {
    const s = await runWorkload(servers, { workload, variants: VARIANTS.filter(v => names.includes(v.name)), size: { executions: 20, tasks: 3 }, pairs: 1, say: console.log });
    console.log(JSON.stringify(s, null, 1));
  }
} finally { await servers.stop(); }
