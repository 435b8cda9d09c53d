import type { Cli } from './cli.ts';
import type { Picture } from './picture.ts';
import type { ServerEvent } from './server-events.ts';
import { taskTree } from './task-tree.ts';
import type { Terminal } from './terminal.ts';
import { durationInWords, errorInWords, paintStatus } from './words.ts';

type View = {
  readonly show: (picture: Picture, event: ServerEvent) => void;
  /** Leaves the last state standing. */
  readonly close: () => void;
};

const REDRAW_MS = 100;

/** How a running execution is shown: a live tree in a terminal, lines in a pipe, events as JSON lines, nothing for `json`. */
export function createView({ terminal, output }: Cli): View {
  if (output === 'json') return { show: () => undefined, close: () => undefined };
  if (output === 'jsonl') {
    const show = (_: Picture, { event, data }: ServerEvent) =>
      terminal.print(`{"event":${JSON.stringify(event)},"data":${data}}`);
    return { show, close: () => undefined };
  }
  return terminal.live ? createLiveTree(terminal) : createLines(terminal);
}

function createLiveTree(terminal: Terminal): View {
  let picture: Picture | undefined;
  let drawn = 0;
  function draw(): void {
    if (picture === undefined) return;
    const lines = taskTree(picture, terminal.colors, Date.now()).flatMap((line) => line.split('\n'));
    // What has scrolled out of the screen can't be drawn over: only its last lines are shown while it runs.
    const shown =
      lines.length < (terminal.stdout.rows ?? 24)
        ? lines
        : [...lines.slice(0, 1), ...lines.slice(2 - (terminal.stdout.rows ?? 24))];
    const up = drawn === 0 ? '' : `\u001b[${drawn}A`;
    terminal.stdout.write(`${up}\u001b[0J\u001b[?7l${shown.join('\n')}\n\u001b[?7h`);
    drawn = shown.length;
  }
  const timer = setInterval(draw, REDRAW_MS);
  return {
    show: (next) => {
      picture = next;
    },
    close: () => {
      clearInterval(timer);
      draw();
    },
  };
}

function createLines(terminal: Terminal): View {
  const printed = new Map<string, string>();
  const say = (key: string, state: string, line: () => string) => {
    if (printed.get(key) === state) return;
    printed.set(key, state);
    terminal.print(line());
  };
  const show = ({ execution, news }: Picture) => {
    for (const task of news.tasks) {
      say(task.path, `${task.status} ${task.attempt}`, () => {
        const took = task.durationMs === null ? '' : `  ${durationInWords(task.durationMs)}`;
        const error = task.error === null || task.status === 'success' ? '' : `  ${errorInWords(task.error)}`;
        const attempt = task.attempt > 1 ? `  attempt ${task.attempt}` : '';
        return `${paintStatus(task.status.padEnd(9), task.status, terminal.colors)}  ${task.path}${attempt}${took}${error}`;
      });
    }
    for (const approval of news.approvals) {
      const line = () =>
        `${paintStatus(approval.status.padEnd(9), approval.status, terminal.colors)}  ${approval.task}  approval ${approval.id}`;
      say(approval.id, approval.status, line);
    }
    say(
      '',
      execution.status,
      () =>
        `${paintStatus(execution.status.padEnd(9), execution.status, terminal.colors)}  ${execution.workflow}  ${execution.id}`,
    );
  };
  return { show, close: () => undefined };
}
