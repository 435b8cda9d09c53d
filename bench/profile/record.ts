import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { digits } from '../digits.ts';
import type { Runner } from '../runner.ts';
import { table } from '../table.ts';
import type { CpuProfile, ProfileSummary } from './summarise.ts';
import { summariseProfile } from './summarise.ts';

/** What tells the processes where, for `measure/profile-on-signal.cjs`. */
export const PROFILES_VARIABLE = 'WEFT_BENCH_PROFILES';
/** Threads write what they have when they come to it. ms */
const WRITING_MS = 3_000;
/** Of a thread's time: what is less is noise. */
const LEAST = 0.01;
/** A thread that did less had nothing to do with the work. */
const BUSY_MS = 200;

/**
 * Records what a variant's processes do while `work` lasts, as a table for each of their threads in
 * `directory/<name>.md`. Its figures are no measurement: being profiled takes time.
 */
export async function recordProfiles(
  directory: string,
  name: string,
  runner: Runner,
  work: () => Promise<unknown>,
): Promise<void> {
  const scratch = profilesIn(directory);
  await mkdir(scratch, { recursive: true });
  const processes = { worker: runner.worker(), ...(runner.api && { API: runner.api() }) };
  const toggle = (): void => {
    for (const pid of Object.values(processes)) process.kill(pid, 'SIGURG');
  };
  toggle();
  await work();
  toggle();
  await sleep(WRITING_MS);
  const parts = [`# CPU profile: ${name}`];
  for (const [role, pid] of Object.entries(processes)) {
    const files = (await readdir(scratch)).filter((file) => file.startsWith(`${pid}-`)).sort();
    for (const file of files) {
      const thread = /-(\d+)\.cpuprofile$/.exec(file)?.[1] === '0' ? 'main thread' : 'another thread';
      const profile = JSON.parse(await readFile(join(scratch, file), 'utf8')) as CpuProfile;
      const summary = summariseProfile(profile, LEAST);
      if (summary.busyMs >= BUSY_MS) parts.push('', `## ${role}, ${thread}`, '', ...show(summary));
    }
  }
  await writeFile(join(directory, `${name.replaceAll(/[^a-z]+/g, '-')}.md`), `${parts.join('\n')}\n`);
  await rm(scratch, { recursive: true });
}

/** Where the processes put them meanwhile, absolute. */
export function profilesIn(directory: string): string {
  return resolve(directory, 'recording');
}

function show({ busyMs, functions, parts }: ProfileSummary): readonly string[] {
  const figures = ({ ms, share }: { readonly ms: number; readonly share: number }) => [
    digits(ms),
    `${(share * 100).toFixed(1)} %`,
  ];
  const byPart = parts.map((part) => [`\`${part.name}\``, ...figures(part)]);
  const byFunction = functions.map((one) => [`\`${one.name}\``, one.where, ...figures(one)]);
  return [
    `${digits(busyMs)} ms not idle.`,
    '',
    ...table(['part', 'ms', 'of it'], byPart),
    '',
    ...table(['function', 'in', 'ms', 'of it'], byFunction),
  ];
}
