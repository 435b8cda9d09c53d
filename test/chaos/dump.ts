import { copyFile, mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { Lab } from './lab.ts';
import type { Violation } from './violation.ts';

/** More than these tell nothing new. */
const MOST = 30;
const TABLES = { workflow_executions: 'id', task_executions: 'execution_id', task_attempts: 'execution_id' };

/** Writes histories and rows of what went wrong, and all logs, into a directory that stays; answers which. */
export async function dump(lab: Lab, violations: readonly Violation[], faults: readonly string[]): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'weft-violations-'));
  await writeJson(directory, 'violations', violations);
  await writeFile(join(directory, 'faults.txt'), faults.join('\n'));
  for (const name of await readdir(lab.servers.directory)) {
    if (name.endsWith('.log')) await copyFile(join(lab.servers.directory, name), join(directory, name));
  }
  const ids = [...new Set(violations.flatMap(({ execution }) => execution ?? []))].slice(0, MOST);
  for (const id of ids) {
    const place = join(directory, id);
    await mkdir(place);
    const journal = await rowsOf(lab, 'chaos.journal', 'id', id);
    await writeJson(place, 'journal', journal);
    for (const [table, key] of Object.entries(TABLES))
      await writeJson(place, table, await rowsOf(lab, `weft.${table}`, key, id));
    await writeJson(place, 'history', await historyOf(lab, id));
  }
  return directory;
}

async function rowsOf(lab: Lab, table: string, key: string, id: string): Promise<unknown> {
  return lab.database.query(`select * from ${table} where ${key} = $1`, [id]).then(
    ({ rows }) => rows,
    (error: unknown) => String(error),
  );
}

async function historyOf(lab: Lab, id: string): Promise<unknown> {
  try {
    return JSON.parse(historyToJSON(await lab.temporal.workflow.getHandle(id).fetchHistory()));
  } catch (error) {
    return String(error);
  }
}

async function writeJson(directory: string, name: string, value: unknown): Promise<void> {
  await writeFile(join(directory, `${name}.json`), JSON.stringify(value, null, 2));
}
