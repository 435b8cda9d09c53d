import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg, release, totalmem } from 'node:os';
import type { Client } from '@temporalio/client';
import type { Pool } from 'pg';

/** Where and on what a run was made: only ratios travel from one machine to another. */
export type Machine = {
  readonly date: string;
  readonly cores: number;
  readonly processor: string;
  readonly memoryGb: number;
  readonly system: string;
  /** Before anything was started, over a minute: more than a few tenths and the machine was busy. */
  readonly load: number;
  readonly node: string;
  readonly sdk: string;
  readonly temporal: string;
  readonly postgres: string;
};

/** @param load over a minute, taken before */
export async function describeMachine(database: Pool, client: Client, load: number): Promise<Machine> {
  const { rows } = await database.query<{ server_version: string }>('show server_version');
  const { serverVersion } = await client.workflowService.getSystemInfo({});
  const [first] = cpus();
  return {
    date: new Date().toISOString(),
    cores: cpus().length,
    processor: first?.model ?? '',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()}`,
    load,
    node: process.version,
    sdk: versionOf('@temporalio/client'),
    temporal: serverVersion,
    postgres: rows[0]?.server_version ?? '',
  };
}

/** Over the last minute. */
export function loadNow(): number {
  return loadavg()[0] ?? 0;
}

function versionOf(name: string): string {
  const file = createRequire(import.meta.url).resolve(`${name}/package.json`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
}
