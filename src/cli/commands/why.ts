import type { Cli } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import type { ExitCode } from '../exit-code.ts';
import { oneLine } from '../one-line.ts';
import { printOne } from '../output.ts';
import type { WhyView } from '../shapes.ts';
import { paintStatus, relativeTime } from '../words.ts';

/** Says whom or what an execution waits for, since when, and what would move it. */
export async function whyExecution(id: string, cli: Cli): Promise<ExitCode> {
  const { terminal, output } = cli;
  const why = await cli.client().get<WhyView>(`/executions/${encodeURIComponent(id)}/why`);
  const now = Date.now();
  const status = paintStatus(why.status, why.status, terminal.colors);
  printOne(why, { id: why.id, status, why: oneLine(why.summary) }, cli);
  if (why.temporal === 'away') terminal.say('Temporal does not answer: this is what the mirror knows.');
  if (output !== 'table') return EXIT.ok;
  for (const wait of why.waits) {
    const times = [
      ...(wait.since === null ? [] : [`since ${wait.since} (${relativeTime(wait.since, now)})`]),
      ...(wait.until === null ? [] : [`until ${wait.until} (${relativeTime(wait.until, now)})`]),
    ];
    terminal.print('');
    terminal.print(`${terminal.colors.bold(wait.path ?? why.id)}  ${wait.kind}  ${times.join(', ')}`.trimEnd());
    terminal.print(`  ${oneLine(wait.for)}`);
    printMoves(wait.moves, cli);
  }
  if (why.moves.length > 0) terminal.print('');
  printMoves(why.moves, cli);
  return EXIT.ok;
}

function printMoves(moves: WhyView['moves'], { terminal }: Cli): void {
  for (const { what, how, http } of moves) {
    const done = how ?? http;
    terminal.print(`  - ${what}${done === null ? '' : `: ${terminal.colors.cyan(oneLine(done))}`}`);
  }
}
