import { setTimeout as sleep } from 'node:timers/promises';
import type { TcpProxy } from '../../stack/tcp-proxy.ts';
import type { Fault, Scene } from '../fault.ts';
import { shortWhile } from '../fault.ts';
import type { Service } from '../lab.ts';

/** A simple query of PostgreSQL's protocol: `Q`, its length, and the text. */
const isCommit = (sent: Buffer): boolean => sent[0] === 0x51 && sent.subarray(5, 11).toString() === 'commit';

/** Ways between processes and servers on which nothing, or not all, gets through. */
export const networkFaults: readonly Fault[] = [
  partition('worker and Temporal', ({ lab, random }) => random.pick(lab.workers), 'temporal'),
  partition('worker and PostgreSQL', ({ lab, random }) => random.pick(lab.workers), 'postgres'),
  partition('API and PostgreSQL', ({ lab }) => lab.api, 'postgres'),
  partition('API and Temporal', ({ lab }) => lab.api, 'temporal'),
  {
    kind: 'answers to COMMIT lost',
    strike: async ({ lab, random }) => {
      const service = random.pick([lab.api, ...lab.workers]);
      const ms = shortWhile(random);
      const end = service.postgres.loseAnswersTo((sent) => isCommit(sent) && Math.random() < 0.5);
      await sleep(ms);
      return `${end()} of ${service.name} within ${ms} ms`;
    },
  },
  {
    // HTTP/2 on the way of an API carries few large pieces: each is a request, or many.
    kind: 'answers of Temporal lost',
    strike: async ({ lab, random }) => {
      const service = random.pick([lab.api, ...lab.workers]);
      const ms = shortWhile(random);
      const end = service.temporal.loseAnswersTo((sent) => sent.length > 200 && Math.random() < 0.2);
      await sleep(ms);
      return `${end()} of ${service.name} within ${ms} ms`;
    },
  },
  {
    kind: 'connections reset',
    strike: async ({ lab, random }) => {
      const ways = [lab.api, ...lab.workers].flatMap((service) => [service.postgres, service.temporal]);
      let times = random.between(2, 5);
      for (; times > 0; times--) {
        for (const way of ways) way.reset();
        await sleep(random.between(200, 800));
      }
      return '';
    },
  },
  {
    kind: 'slow network',
    strike: async ({ lab, random }) => {
      const delay = random.between(30, 150);
      const ms = shortWhile(random);
      const ways = [lab.api, ...lab.workers].flatMap((service) => [service.postgres, service.temporal]);
      for (const way of ways) way.delay(delay);
      await sleep(ms);
      for (const way of ways) way.delay(0);
      return `${delay} ms each way for ${ms} ms`;
    },
  },
];

/** Nothing gets through while connections stay open; then all that was sent comes late, or they turn out dead. */
function partition(between: string, of: (scene: Scene) => Service, server: 'postgres' | 'temporal'): Fault {
  return {
    kind: `no way between ${between}`,
    strike: async (scene) => {
      const service = of(scene);
      const way: TcpProxy = service[server];
      const ms = shortWhile(scene.random);
      const isDead = scene.random.chance(50);
      way.hold();
      await sleep(ms);
      if (isDead) way.reset();
      way.pass();
      return `${service.name} for ${ms} ms${isDead ? ', then a reset' : ''}`;
    },
  };
}
