import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICE } from '../../stack/database-on.ts';
import type { Fault, Scene } from '../fault.ts';
import { shortWhile } from '../fault.ts';

const SQLSTATES = ['40001', '40P01', '53100', '53300', '57P01', '25006'];

/** Servers that die, are full, or refuse what is asked of them. */
export const serverFaults: readonly Fault[] = [
  {
    kind: 'PostgreSQL crashed',
    strike: async ({ lab, random }) => {
      const ms = shortWhile(random);
      await lab.servers.postgres.crash();
      await sleep(ms);
      await lab.servers.postgres.start();
      return `away for ${ms} ms`;
    },
  },
  {
    kind: 'Temporal killed',
    strike: async ({ lab, random }) => {
      const ms = random.between(0, 3_000);
      await lab.servers.temporal.crash();
      await sleep(ms);
      await lab.servers.temporal.start();
      return `away for ${ms} ms`;
    },
  },
  {
    kind: 'connections terminated',
    strike: async ({ lab, random }) => {
      let ended = 0;
      for (let times = random.between(1, 4); times > 0; times--) {
        ended += await terminateConnections(lab.database);
        await sleep(400);
      }
      return `${ended} of them`;
    },
  },
  {
    kind: 'out of connections',
    strike: async ({ lab, random }) => {
      const most = random.between(1, 4);
      const ms = shortWhile(random);
      await lab.database.query(`alter role ${SERVICE.name} connection limit ${most}`);
      try {
        await terminateConnections(lab.database);
        await sleep(ms);
      } finally {
        await lab.database.query(`alter role ${SERVICE.name} connection limit -1`);
      }
      return `${most} are allowed for ${ms} ms`;
    },
  },
  ...SQLSTATES.map((state): Fault => ({ kind: `SQLSTATE ${state}`, strike: (scene) => inject(scene, state) })),
];

async function terminateConnections(database: Scene['lab']['database']): Promise<number> {
  const { rowCount } = await database.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where usename = $1 and datname = current_database()',
    [SERVICE.name],
  );
  return rowCount ?? 0;
}

async function inject({ lab, random }: Scene, state: string): Promise<string> {
  const percent = random.pick([20, 50, 100]);
  const ms = shortWhile(random);
  await lab.database.query('insert into chaos.injection values ($1, $2)', [state, percent / 100]);
  try {
    await sleep(ms);
  } finally {
    await lab.database.query('delete from chaos.injection');
  }
  return `in ${percent} % of the writes for ${ms} ms`;
}
