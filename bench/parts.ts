import type { Lab } from './lab.ts';
import { measureWriter, WRITER } from './measure-writer.ts';
import type { Options } from './options.ts';
import { runWorkload } from './run-workload.ts';
import type { Sample } from './sample.ts';

/** What has a table of its own. */
export type Part = {
  readonly name: string;
  readonly about: string;
  readonly run: (lab: Lab) => Promise<readonly Sample[]>;
};

/** All that the options ask for, in order. */
export function partsOf(options: Options, say: (line: string) => void): readonly Part[] {
  const { workloads, facts, pairs, isShort, profiles } = options;
  const parts: Part[] = workloads.map(({ workload, size, variants }) => ({
    name: workload.name,
    about: workload.about(size),
    run: (lab) => runWorkload(lab, { workload, size, variants, pairs, isShort, profiles, say }),
  }));
  if (facts === undefined) return parts;
  const about = `${facts} facts into the mirror's writer`;
  return [...parts, { name: WRITER, about, run: (lab) => measureWriter(lab, { facts, pairs, say }) }];
}
