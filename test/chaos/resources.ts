import { readdir, readFile } from 'node:fs/promises';
import { SERVICE } from '../stack/database-on.ts';
import type { Lab, Service } from './lab.ts';
import type { Violation } from './violation.ts';

/** What a process holds when nothing is to do. */
export type Held = { readonly files: number; readonly connections: number; readonly megabytes: number };

/** By name and process id: what a killed one held is gone. */
export type Resources = {
  /** Looks when all is quiet. The first look at a process is what the later ones are held against. */
  readonly look: () => Promise<readonly Violation[]>;
  readonly line: () => string;
};

/**
 * More than a tenth, and than so many of them, is a leak. Pools fill while they are needed; memory settles late: twice as
 * much, and so much more, is one. 17 files are those of the API's replay worker, which comes with the first history that is
 * folded and goes after a minute without one.
 */
const FILES = 15 + 17;
const CONNECTIONS = 16;
const MEGABYTES = 150;

export function watchResources(lab: Lab): Resources {
  const first = new Map<string, Held>();
  const latest = new Map<string, Held>();

  return {
    look: async () => {
      const violations: Violation[] = [];
      for (const service of [lab.api, ...lab.workers]) {
        const name = `${service.name} (${service.pid()})`;
        const held = await lookAt(lab, service);
        const before = first.get(name);
        latest.set(service.name, held);
        if (!before) first.set(name, held);
        else {
          const what = grown(before, held);
          if (what !== undefined) violations.push({ invariant: 'I10', execution: null, what: `${name}: ${what}` });
        }
      }
      return violations;
    },
    line: () =>
      [...latest]
        .map(
          ([name, { files, connections, megabytes }]) =>
            `${name} ${files} files ${connections} connections ${megabytes} MB`,
        )
        .join(', '),
  };
}

function grown(before: Held, now: Held): string | undefined {
  if (now.files > before.files * 1.1 + FILES) return `${before.files} open files became ${now.files}`;
  if (now.connections > before.connections * 1.1 + CONNECTIONS)
    return `${before.connections} connections became ${now.connections}`;
  if (now.megabytes > before.megabytes * 2 + MEGABYTES) return `${before.megabytes} MB became ${now.megabytes}`;
  return undefined;
}

async function lookAt({ database }: Lab, service: Service): Promise<Held> {
  const files = await readdir(`/proc/${service.pid()}/fd`).catch(() => []);
  const status = await readFile(`/proc/${service.pid()}/status`, 'utf8').catch(() => '');
  const name = service.name.startsWith('api') ? 'weft-api%' : 'weft-worker%';
  const { rows } = await database.query<{ n: number }>(
    'select count(*)::int as n from pg_stat_activity where usename = $1 and application_name like $2',
    [SERVICE.name, name],
  );
  return {
    files: files.length,
    connections: rows[0]?.n ?? 0,
    megabytes: Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024),
  };
}
