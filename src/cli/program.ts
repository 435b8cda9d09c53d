import { Argument, Command, CommanderError, Option } from 'commander';
import { describeSettings } from '../config.ts';
import type { DevOptions } from '../dev/index.ts';
import { apply, validate } from './commands/apply.ts';
import type { Direction } from './commands/migrate.ts';
import { count } from './count.ts';
import { createDoes } from './does.ts';
import { addExecutionCommands } from './execution-commands.ts';
import { EXIT } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
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

  const does = createDoes(terminal, ended);
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
  addExecutionCommands(program, does);
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
