import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { APPROVAL_STATUSES, EXECUTION_STATUSES } from '../contract.ts';
import { parseDuration } from '../plan/duration.ts';
import { decide, listApprovals } from './commands/approvals.ts';
import type { ApprovalFilter } from './commands/approvals.ts';
import { commandExecution } from './commands/command-execution.ts';
import { sendEvent } from './commands/events.ts';
import { listExecutions, showExecution } from './commands/executions.ts';
import type { ExecutionFilter } from './commands/executions.ts';
import { run } from './commands/run.ts';
import type { RunOptions } from './commands/run.ts';
import { repair, verify } from './commands/verify.ts';
import type { RepairOptions, VerifyOptions } from './commands/verify.ts';
import { whyExecution } from './commands/why.ts';
import { count } from './count.ts';
import type { Does } from './does.ts';
import { follow } from './follow.ts';

/** The commands about executions and what they wait for. */
export function addExecutionCommands(program: Command, does: Does): void {
  const timeout = ['--timeout <duration>', 'how long to watch at most, e.g. 30s', duration] as const;
  const limit = ['-n, --limit <count>', 'how many at most', count, 50] as const;

  program
    .command('run <workflow>')
    .description('start an execution')
    .option('-i, --input <json>', 'its input: JSON, @file or @- for the standard input')
    .option('--version <version>', 'not the current version but this one')
    .option('--id <id>', 'id of the execution: started once, however often it is asked for')
    .option('--correlation-id <id>', 'your own id of the case')
    .option('-w, --watch', 'show it until it has ended')
    .option(...timeout)
    .action(does((cli, workflow: string, options: RunOptions) => run(workflow, options, cli)));
  program
    .command('ls')
    .description('list executions, newest first')
    .addOption(new Option('-s, --status <status>', 'only these').choices(EXECUTION_STATUSES))
    .option('--workflow <name>', 'only of this workflow')
    .option('--version <version>', 'only of this version')
    .option('--correlation-id <id>', 'only of this case')
    .option('--tag <tag>', 'only with this tag')
    .option('--parent <id>', 'only the children of this execution')
    .option('--created-after <time>', 'only later ones, ISO 8601')
    .option('--created-before <time>', 'only earlier ones, ISO 8601')
    .option('-q <text>', 'only where this is found')
    .option(...limit)
    .action(does((cli, options: ExecutionFilter) => listExecutions(options, cli)));
  program
    .command('show <id>')
    .description('show an execution and its tasks')
    .action(does((cli, id: string) => showExecution(id, cli)));
  program
    .command('why <id>')
    .description('say whom or what an execution waits for, since when, and what would move it')
    .action(does((cli, id: string) => whyExecution(id, cli)));
  program
    .command('watch <id>')
    .description('show an execution until it has ended')
    .option(...timeout)
    .action(does((cli, id: string, options: { timeout?: number }) => follow(id, cli, options.timeout)));
  for (const decision of ['approve', 'reject'] as const) {
    program
      .command(`${decision} <id>`)
      .description(`${decision} an approval, by its id or by that of an execution that waits for one`)
      .option('-c, --comment <text>', 'why')
      .option('-d, --data <json>', "the form's data: JSON, @file or @- for the standard input")
      .action(
        does((cli, id: string, options: { comment?: string; data?: string }) => decide(decision, id, options, cli)),
      );
  }
  for (const [command, description] of COMMANDS) {
    program
      .command(`${command} <id>`)
      .description(description)
      .option('-r, --reason <text>', 'why, for the record')
      .action(does((cli, id: string, options: { reason?: string }) => commandExecution(command, id, options, cli)));
  }
  program
    .command('verify [id]')
    .description("hold the mirror against Temporal's histories, row by row; exit code 1 where they differ")
    .option('--all', 'all executions, and those that Temporal has and the mirror has not')
    .action(does((cli, id: string | undefined, options: VerifyOptions) => verify(id, options, cli)));
  program
    .command('repair [id]')
    .description("make the mirror what Temporal's histories say")
    .option('--all', 'all executions')
    .option('--dry-run', 'only show what would change')
    .action(does((cli, id: string | undefined, options: RepairOptions) => repair(id, options, cli)));
  program
    .command('approvals')
    .description('list what waits for a decision')
    .addOption(new Option('-s, --status <status>', 'only these').choices(APPROVAL_STATUSES).default('open'))
    .option('--assignee <who>', 'only those one may decide; me = whose key it is')
    .option('--workflow <name>', 'only of this workflow')
    .option('--due-before <time>', 'only with an earlier deadline, ISO 8601')
    .option(...limit)
    .action(does((cli, options: ApprovalFilter) => listApprovals(options, cli)));
  program
    .command('events')
    .description('events that executions wait for')
    .command('send <name>')
    .description('send an event to the executions that wait for it')
    .option('-k, --key <key>', "whom it concerns, such as an order's number")
    .option('-d, --data <json>', 'what it says: JSON, @file or @- for the standard input')
    .action(does((cli, name: string, options: { key?: string; data?: string }) => sendEvent(name, options, cli)));
}

const COMMANDS = [
  ['cancel', 'cancel an execution; its finally blocks run'],
  ['terminate', 'end an execution at once'],
  ['pause', 'let nothing new start in an execution'],
  ['resume', 'let a paused execution go on'],
] as const;

function duration(value: string): number {
  const ms = parseDuration(value);
  if (ms === undefined) throw new InvalidArgumentError('It is no duration such as 30s or 5m.');
  return ms;
}
