import type { Cli } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import type { ExitCode } from '../exit-code.ts';
import { printList, printOne } from '../output.ts';
import type { ExecutionItem, ExecutionView, TaskView } from '../shapes.ts';
import type { Column } from '../table.ts';
import type { Colors } from '../terminal.ts';
import { durationInWords, errorInWords, paintStatus, valueInWords } from '../words.ts';

export type ExecutionFilter = {
  readonly status?: string;
  readonly workflow?: string;
  readonly version?: string;
  readonly correlationId?: string;
  readonly tag?: string;
  readonly parent?: string;
  readonly createdAfter?: string;
  readonly createdBefore?: string;
  readonly q?: string;
  readonly limit: number;
};

/** Lists executions, newest first. */
export async function listExecutions({ limit, ...filter }: ExecutionFilter, cli: Cli): Promise<ExitCode> {
  const rows = await cli.client().list<ExecutionItem>('/executions', filter, limit);
  printList(rows, executionColumns(cli.terminal.colors), { ...cli, empty: 'There are no such executions.' });
  return EXIT.ok;
}

/** The newest ones; `ls --parent` lists them all. */
const SHOWN_CHILDREN = 50;

/** Shows an execution, its tasks and its children. */
export async function showExecution(id: string, cli: Cli): Promise<ExitCode> {
  const { terminal, output } = cli;
  const client = cli.client();
  const path = `/executions/${encodeURIComponent(id)}`;
  const execution = await client.get<ExecutionView>(path);
  const tasks = await client.list<TaskView>(`${path}/tasks`, {}, Infinity);
  const children = await client.list<ExecutionItem>('/executions', { parent: id }, SHOWN_CHILDREN);
  if (output !== 'table') {
    printOne({ ...execution, tasks, children }, {}, cli);
    return EXIT.ok;
  }
  const { error, progress } = execution;
  printOne(
    execution,
    {
      id: execution.id,
      workflow: `${execution.workflow ?? ''} ${execution.version ?? ''}`,
      status: paintStatus(execution.status, execution.status, terminal.colors),
      progress: `${progress.completed} of ${progress.total} tasks`,
      'started by': execution.parent === null ? undefined : `${execution.parent} ${execution.parentTask ?? ''}`,
      'waits at': execution.currentTasks.length === 0 ? undefined : execution.currentTasks.join(', '),
      created: execution.createdAt,
      took: execution.durationMs === null ? undefined : durationInWords(execution.durationMs),
      input: execution.input === null ? undefined : valueInWords(execution.input),
      output: execution.output === null ? undefined : valueInWords(execution.output),
      error: error === null ? undefined : terminal.colors.red(errorInWords(error)),
      temporal: execution.temporal.url ?? undefined,
    },
    cli,
  );
  if (tasks.length > 0) terminal.print('');
  printList(tasks, taskColumns(terminal.colors), { ...cli, empty: 'No task has begun.' });
  if (children.length > 0) {
    terminal.print('');
    printList(children, executionColumns(terminal.colors), { ...cli, empty: '' });
  }
  return EXIT.ok;
}

function executionColumns(colors: Colors): readonly Column<ExecutionItem>[] {
  return [
    { title: 'ID', value: (row) => row.id },
    { title: 'STATUS', value: (row) => row.status, paint: (text, row) => paintStatus(text, row.status, colors) },
    { title: 'WORKFLOW', value: (row) => row.workflow ?? '' },
    { title: 'VERSION', value: (row) => row.version ?? '' },
    { title: 'TASKS', value: (row) => `${row.progress.completed}/${row.progress.total}` },
    { title: 'CREATED', value: (row) => row.createdAt },
    { title: 'TOOK', value: (row) => (row.durationMs === null ? '' : durationInWords(row.durationMs)) },
    { title: 'ERROR', value: (row) => row.error?.code ?? '' },
  ];
}

function taskColumns(colors: Colors): readonly Column<TaskView>[] {
  return [
    { title: 'TASK', value: (row) => row.path },
    { title: 'STATUS', value: (row) => row.status, paint: (text, row) => paintStatus(text, row.status, colors) },
    { title: 'TYPE', value: (row) => row.executor ?? row.type },
    { title: 'RETRIES', value: (row) => String(row.retryCount) },
    { title: 'TOOK', value: (row) => (row.durationMs === null ? '' : durationInWords(row.durationMs)) },
    { title: 'ERROR', value: (row) => (row.error === null ? '' : `${row.error.code}: ${row.error.detail}`) },
  ];
}
