import { pino } from 'pino';
import type { Logger } from 'pino';

export type { Logger } from 'pino';

const SECRETS = [
  'authorization',
  'key',
  'password',
  'token',
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'TEMPORAL_API_KEY',
];

/** The process's logger: JSON lines on stderr, named, with what could be a secret cut out. */
export function createLog(options: { readonly name: string; readonly level: string }): Logger {
  const paths = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return pino(
    { name: options.name, level: options.level, redact: { paths, censor: '[cut]' } },
    pino.destination({ dest: 2, sync: true }),
  );
}
