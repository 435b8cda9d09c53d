import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { describeSettings } from '../config.ts';
import { APPROVAL_STATUSES, EXECUTION_STATUSES } from '../contract.ts';
import type { DevOptions } from '../dev/index.ts';
import { parseDuration } from '../plan/duration.ts';
import { createCli } from './cli.ts';
import type { Cli, GlobalOptions } from './cli.ts';
import { apply, validate } from './commands/apply.ts';
import { decide, listApprovals } from './commands/approvals.ts';
import type { ApprovalFilter } from './commands/approvals.ts';
import { commandExecution } from './commands/command-execution.ts';
import { sendEvent } from './commands/events.ts';
import { listExecutions, showExecution } from './commands/executions.ts';
import type { ExecutionFilter } from './commands/executions.ts';
import type { Direction } from './commands/migrate.ts';
import { run } from './commands/run.ts';
import type { RunOptions } from './commands/run.ts';
import { EXIT } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import { follow } from './follow.ts';
import { OUTPUTS } from './output.ts';
import { printError } from './print-error.ts';
import { createTerminal } from './terminal.ts';
import type { Process, Terminal } from './terminal.ts';

/** Runs one command line, without the program's name; never throws. */
export async function runCommandLine(args: readonly string[], process: Process): Promise<ExitCode> {
  const terminal = createTerminal(process);
  const ended: { code: ExitCode } = { code: EXIT.ok };
  try {
    await createProgram(terminal, ended).parseAsync(args, { from: 'user' });
    return ended.code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return printError(error, terminal);
  }
}

/** Every command with its options; what each does is in `commands/`. */
function createProgram(terminal: Terminal, ended: { code: ExitCode }): Command {
  const program = new Command('weft')
    .description('Durable execution of stored JSON definitions on Temporal')
    .addOption(new Option('-o, --output <form>', 'form of the data').choices(OUTPUTS).default('table'))
    .addOption(new Option('--as <who>', "which of the local stack's keys").choices(['developer', 'manager']))
    .option('--stack <directory>', "the local stack's data directory, default the nearest .weft upwards")
    .addHelpText('after', settingsHelp)
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    });

  const cliOf = (command: Command) => createCli(terminal, command.optsWithGlobals<GlobalOptions>());
  // The action of a command: what it was given, then what it works with; its exit code is the program's.
  const does = (action: (cli: Cli, ...given: never[]) => Promise<ExitCode>) => {
    return async (...given: unknown[]): Promise<void> => {
      const command = given.pop() as Command;
      ended.code = await action(cliOf(command), ...(given as never[]));
    };
  };
  const timeout = ['--timeout <duration>', 'how long to watch at most, e.g. 30s', duration] as const;
  const limit = ['-n, --limit <count>', 'how many at most', count, 50] as const;

  program
    .command('dev')
    .description('start the whole local stack and keep it up')
    .option('--port <port>', 'port of the API', count)
    .option('--data <directory>', 'where the data is kept, default .weft')
    .option('--fresh', 'begin with empty data')
    .option('--ephemeral', 'keep no data')
    .option('--ready-file <file>', 'written when everything answers')
    .option('--executors <module>', 'module with executors of your own, default examples/executors/index.ts')
    .action(
      does(async (_, options: DevOptions) => {
        const { dev } = await import('../dev/index.ts');
        await dev(options);
        return EXIT.ok;
      }),
    );
  program
    .command('apply <file...>')
    .description('save definitions and make them current; - reads the standard input')
    .option('--draft', 'leave the current version as it is')
    .action(does((cli, files: string[], options: { draft?: boolean }) => apply(files, options, cli)));
  program
    .command('validate <file...>')
    .description('check definitions without saving them')
    .action(does((cli, files: string[]) => validate(files, cli)));
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
  program
    .command('migrate')
    .addArgument(new Argument('[direction]').choices(['up', 'down', 'status']).default('up'))
    .description('bring the database to this version (up), one step back (down), or tell where it is (status)')
    .option('--i-lose-data', 'down loses data; say that you know')
    .action(
      does(async (cli, direction: Direction, options: { iLoseData?: boolean }) =>
        (await import('./commands/migrate.ts')).migrateDatabase(direction, options, cli),
      ),
    );
  program
    .command('doctor')
    .description('look at all that Weft needs and say what to do')
    .action(does(async (cli) => (await import('./commands/doctor.ts')).doctor(cli)));
  const deployments = program.command('deployments').description("the workers' builds, where versioning is on");
  const deployment = ['--deployment <name>', 'which, default WEFT_DEPLOYMENT'] as const;
  deployments
    .command('list')
    .description('show the builds, and which of them new executions start on')
    .option(...deployment)
    .action(
      does(async (cli, options: { deployment?: string }) =>
        (await import('./commands/deployments.ts')).listDeployment(options, cli),
      ),
    );
  deployments
    .command('set-current [build]')
    .description('let new executions start on a build, default WEFT_BUILD_ID')
    .option(...deployment)
    .action(
      does(async (cli, build: string | undefined, options: { deployment?: string }) =>
        (await import('./commands/deployments.ts')).setCurrent(build, options, cli),
      ),
    );
  program
    .command('sql [query]')
    .description('ask the database, as the reader of the local stack')
    .action(does(async (cli, query: string | undefined) => (await import('./commands/sql.ts')).sql(query, cli)));
  return program;
}

const COMMANDS = [
  ['cancel', 'cancel an execution; its finally blocks run'],
  ['terminate', 'end an execution at once'],
  ['pause', 'let nothing new start in an execution'],
  ['resume', 'let a paused execution go on'],
] as const;

/** The table of settings; each may be given as `NAME_FILE` too. */
function settingsHelp(): string {
  const settings = describeSettings();
  const width = Math.max(...settings.map(({ name }) => name.length));
  const lines = settings.map(({ name, description, default: value }) => {
    const otherwise = value === undefined || value === '' ? '' : ` (default ${value})`;
    return `  ${name.padEnd(width)}  ${description}${otherwise}`;
  });
  return `\nSettings, in the environment or as NAME_FILE, the path of a file that holds the value:\n${lines.join('\n')}`;
}

function duration(value: string): number {
  const ms = parseDuration(value);
  if (ms === undefined) throw new InvalidArgumentError('It is no duration such as 30s or 5m.');
  return ms;
}

function count(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('It is no whole number.');
  return Number(value);
}
