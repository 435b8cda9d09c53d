import type { ExecutionStatus, Json, RunInput } from '../src/contract.ts';

/** A small table in Markdown for the Temporal UI: how far it is and what it waits for. Temporal keeps at most 20 kB. */
export function showDetails(
  input: RunInput,
  status: ExecutionStatus,
  completed: number,
  waits: readonly { readonly path: string; readonly [key: string]: Json }[],
): string {
  const shown = waits.slice(0, 20);
  const lines = [
    `**${input.execution.workflow}** ${input.execution.version}: ${status}, ${completed} of ${input.plan.totalTasks} tasks done`,
    ...(shown.length > 0 ? ['', '| waits at | for | until |', '|---|---|---|'] : []),
    ...shown.map((wait) => `| ${wait.path} | ${text(wait['kind'])} | ${text(wait['until'])} |`),
    ...(waits.length > shown.length ? [`… and ${waits.length - shown.length} more`] : []),
  ];
  return lines.join('\n');
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
