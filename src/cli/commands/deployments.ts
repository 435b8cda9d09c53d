import { listBuilds, setCurrentBuild } from '../../temporal/deployments.ts';
import type { DeployedBuild } from '../../temporal/deployments.ts';
import type { Cli } from '../cli.ts';
import { CliError, EXIT } from '../exit-code.ts';
import type { ExitCode } from '../exit-code.ts';
import { printList } from '../output.ts';
import { withTemporal } from '../with-temporal.ts';

/** How long a build's first worker is waited for, ms. */
const PATIENCE_MS = 30_000;

/** Shows a deployment's builds, and which of them new executions start on. */
export async function listDeployment(options: { deployment?: string }, cli: Cli): Promise<ExitCode> {
  const name = nameOf(options, cli);
  const builds = await withTemporal(cli, ({ connection, namespace }) =>
    listBuilds({ service: connection.workflowService, namespace, name }),
  );
  const columns = [
    { title: 'BUILD', value: ({ buildId }: DeployedBuild) => buildId },
    { title: 'STATE', value: ({ state }: DeployedBuild) => state },
    {
      title: 'SINCE',
      value: ({ createdAt }: DeployedBuild) => (createdAt === null ? '' : new Date(createdAt).toISOString()),
    },
  ];
  printList(builds, columns, { ...cli, empty: `No worker of the deployment ${name} ever came.` });
  return EXIT.ok;
}

/** Makes a build the one that new executions start on; back to the one before is the way to undo it. */
export async function setCurrent(
  buildId: string | undefined,
  options: { deployment?: string },
  cli: Cli,
): Promise<ExitCode> {
  const name = nameOf(options, cli);
  const build = buildId ?? cli.settings().WEFT_BUILD_ID;
  if (build === undefined) throw new CliError(EXIT.usage, 'Say which build, or set WEFT_BUILD_ID.');
  await withTemporal(
    cli,
    async ({ connection, namespace }) => {
      const deployment = { service: connection.workflowService, namespace, name };
      await setCurrentBuild(deployment, build, PATIENCE_MS).catch((cause: unknown) => {
        throw new CliError(EXIT.unavailable, `${name} has no build ${build} that takes the queue's work.`, {
          cause,
          hint: `Start its workers first, with WEFT_DEPLOYMENT=${name} and WEFT_BUILD_ID=${build}.`,
        });
      });
    },
    2 * PATIENCE_MS,
  );
  cli.terminal.say(`${name}: new executions start on build ${build}.`);
  return EXIT.ok;
}

function nameOf({ deployment }: { deployment?: string }, cli: Cli): string {
  const name = deployment ?? cli.settings().WEFT_DEPLOYMENT;
  if (name === undefined) throw new CliError(EXIT.usage, 'Say which with --deployment, or set WEFT_DEPLOYMENT.');
  return name;
}
