import { mkdtemp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { freePort } from '../../src/dev/free-port.ts';
import { lineOf, manageProcess } from '../../test/stack/managed-process.ts';
import { until } from '../../test/stack/until.ts';
import { PEERS_DIRECTORY } from '../install-peers.ts';
import type { Lab } from '../lab.ts';
import { createPeerRunner } from './peer-runner.ts';
import type { Variant } from './variant.ts';

/** Restate with its defaults. @param mode a task is a step of the workflow's own (`run`), or a call to another service */
export function restateVariant(name: string, mode: 'run' | 'call'): Variant {
  return {
    name,
    start: async (lab) =>
      createPeerRunner({ ...(await lab.share('restate', () => startRestate(lab))), says: { mode } }),
  };
}

/** Its server, and the process of the services, registered with it. */
async function startRestate(lab: Lab) {
  const [node, admin, ingress, port] = [await freePort(0), await freePort(0), await freePort(0), await freePort(0)];
  const adminUrl = `http://127.0.0.1:${admin}`;
  const directory = await mkdtemp(join(lab.servers.directory, 'restate-'));
  const server = manageProcess(findServer(), {
    isProgram: true,
    logFile: join(directory, 'restate.log'),
    env: {
      ...process.env,
      RESTATE_BASE_DIR: directory,
      RESTATE_LISTEN_MODE: 'tcp',
      RESTATE_BIND_ADDRESS: `127.0.0.1:${node}`,
      RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
      RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingress}`,
      RESTATE_DISABLE_TELEMETRY: 'true',
    },
    ready: async () => {
      await until('Restate answers', async () => (await fetch(`${adminUrl}/health`).catch(() => undefined))?.ok);
    },
  });
  const services = manageProcess('bench/peers/restate.js', {
    env: { ...process.env, ...lab.processEnv, PORT: String(port), RESTATE_LOGGING: 'ERROR' },
    ready: (child) => lineOf(child, 'services ready'),
  });
  lab.atEnd(() => server.kill('SIGTERM'));
  lab.atEnd(() => services.kill('SIGTERM'));
  await Promise.all([server.start(), services.start()]);
  await register(adminUrl, `http://127.0.0.1:${port}`);
  return { url: `http://127.0.0.1:${ingress}/workflows`, worker: services.pid, server: server.pid };
}

/** The program itself: what npm makes of it is a process that starts it. */
function findServer(): string {
  const { resolve } = createRequire(
    join(PEERS_DIRECTORY, 'node_modules', '@restatedev', 'restate-server', 'package.json'),
  );
  return resolve(`@restatedev/restate-server-${process.platform}-${process.arch}/bin/restate-server`);
}

async function register(adminUrl: string, uri: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${adminUrl}/deployments`, { method: 'POST', headers, body: JSON.stringify({ uri }) });
  if (!answer.ok) throw new Error(`Restate refuses its services: ${answer.status} ${await answer.text()}`);
}
