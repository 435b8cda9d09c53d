import pc from 'picocolors';
import type { ReadyFile } from './ready-file.ts';

/** What a person needs to go on, once everything answers. */
export function banner(ready: ReadyFile, about: { readonly directory: string; readonly tookMs: number }): string {
  const rows: readonly (readonly [string, string])[] = [
    ['API', `${ready.api}/api/v1`],
    ['API docs', `${ready.api}/docs`],
    ['Approvals', `${ready.api}/approvals`],
    ['Temporal UI', ready.temporal.ui],
    ['Database', `${maskPassword(ready.database)}   (in full: ${about.directory}/ready.json)`],
    ['Developer key', ready.key],
    ['Manager key', `${ready.managerKey}   (may approve)`],
    ['Logs', `${about.directory}/logs`],
  ];
  const shown = rows.filter(([, value]) => value !== '');
  return [
    '',
    `  ${pc.bold('Weft is ready')} ${pc.dim(`after ${(about.tookMs / 1000).toFixed(1)} s, on 127.0.0.1 only; finished executions are never archived here`)}`,
    '',
    ...shown.map(([label, value]) => `  ${pc.dim(label.padEnd(14))} ${value}`),
    '',
    `  ${pc.dim('Try')}`,
    `  curl -s ${ready.api}/api/v1/executions -H 'Authorization: Bearer ${ready.key}' \\`,
    `    -H 'Content-Type: application/json' -d '{"workflow": "hello", "input": {"name": "Ada"}}'`,
    '',
    `  ${pc.dim('Ctrl-C stops everything and keeps the data.')}`,
    '',
  ].join('\n');
}

/** A URL as it may be shown. */
export function maskPassword(url: string): string {
  const shown = new URL(url);
  if (shown.password !== '') shown.password = '****';
  return shown.href;
}
