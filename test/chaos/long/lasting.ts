import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../lab.ts';
import type { LongFault } from './long-fault.ts';

/** What is broken from `begin` to `end`, while the load goes on. */
type Lasting = {
  readonly name: string;
  readonly seconds: number;
  readonly begin: (lab: Lab) => unknown;
  readonly end: (lab: Lab) => unknown;
};

const inject = (state: string, probability: number) => ({
  begin: ({ database }: Lab) => database.query('insert into chaos.injection values ($1, $2)', [state, probability]),
  end: ({ database }: Lab) => database.query('delete from chaos.injection'),
});

const lasting: readonly Lasting[] = [
  { name: 'PostgreSQL full for a minute (53100)', seconds: 60, ...inject('53100', 1) },
  { name: 'one write of five not serializable for 5 minutes (40001)', seconds: 300, ...inject('40001', 0.2) },
  { name: 'one write of five in a deadlock for 2 minutes (40P01)', seconds: 120, ...inject('40P01', 0.2) },
  {
    name: 'a worker frozen for a minute',
    seconds: 60,
    begin: ({ workers }) => workers[0]?.send('SIGSTOP'),
    end: ({ workers }) => workers[0]?.send('SIGCONT'),
  },
  ...(['temporal', 'postgres'] as const).flatMap((server) => [
    {
      name: `no way between a worker and ${server} for a minute`,
      seconds: 60,
      begin: ({ workers }: Lab) => workers[0]?.[server].hold(),
      end: ({ workers }: Lab) => workers[0]?.[server].pass(),
    },
    {
      name: `no way between the API and ${server} for a minute`,
      seconds: 60,
      begin: ({ api }: Lab) => api[server].hold(),
      end: ({ api }: Lab) => api[server].pass(),
    },
  ]),
];

/** F4 to F6, F10, F11: what is broken for minutes, and heals. */
export const lastingFaults: readonly LongFault[] = lasting.map(({ name, seconds, begin, end }) => ({
  name,
  perSecond: 2,
  run: async ({ lab, load, strike, check }) => {
    load.flow(true);
    await sleep(5_000);
    await strike({
      kind: name,
      strike: async () => {
        await begin(lab);
        try {
          await sleep(seconds * 1_000);
        } finally {
          await end(lab);
        }
        return `${seconds} s`;
      },
    });
    await check(60_000);
  },
}));
