import { readFileSync } from 'node:fs';
import { runCommand } from './run-command.ts';

export type Account = { readonly uid: number; readonly gid: number };

/** Whom PostgreSQL runs as when we are root, which it refuses: `postgres` where it exists, else `nobody`. */
export function postgresAccount(
  passwd: string = readPasswd(),
  uid: number = process.getuid?.() ?? 1,
): Account | undefined {
  if (uid !== 0) return undefined;
  const accounts = new Map(passwd.split('\n').map((line) => [line.split(':')[0], line.split(':')]));
  const fields = accounts.get('postgres') ?? accounts.get('nobody') ?? [];
  const number = (text: string | undefined) => (text === undefined || text === '' ? 65_534 : Number(text) >>> 0);
  return { uid: number(fields[2]), gid: number(fields[3]) };
}

/** Whether the account may enter the directory, whatever the reason it may not. */
export async function canEnter(directory: string, account: Account | undefined): Promise<boolean> {
  const { code } = await runCommand('/bin/sh', ['-c', 'cd -- "$0"', directory], { ...account, cwd: '/' });
  return code === 0;
}

function readPasswd(): string {
  try {
    return readFileSync('/etc/passwd', 'utf8');
  } catch {
    return '';
  }
}
