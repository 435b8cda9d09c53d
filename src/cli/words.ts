import type { ExecutionView } from './shapes.ts';
import type { Colors } from './terminal.ts';

/** `850 ms`, `2.3 s`, `4 min 5 s`, `3 h 20 min`, `2 d 4 h`. */
export function durationInWords(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${(ms / 1_000).toFixed(1)} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1_440) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.floor(minutes / 1_440)} d ${Math.floor((minutes % 1_440) / 60)} h`;
}

/** `in 3 d 0 h` or `5.0 s ago`. */
export function relativeTime(iso: string, now: number): string {
  const ms = Date.parse(iso) - now;
  return ms >= 0 ? `in ${durationInWords(ms)}` : `${durationInWords(-ms)} ago`;
}

/** `HTTP_500 at /pay (attempt 3): it answered 500`. */
export function errorInWords(error: NonNullable<ExecutionView['error']>): string {
  const task = error.task === undefined ? '' : ` at ${error.task}`;
  const attempt = error.attempt === undefined ? '' : ` (attempt ${error.attempt})`;
  return `${error.code}${task}${attempt}: ${error.detail}`;
}

/** A value on one line; a string as it is, anything else as JSON. */
export function valueInWords(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const STATUS_COLORS: { readonly [status: string]: 'green' | 'red' | 'yellow' | 'cyan' | 'dim' } = {
  success: 'green',
  approved: 'green',
  failed: 'red',
  timeout: 'red',
  rejected: 'red',
  retry: 'yellow',
  waiting: 'yellow',
  paused: 'yellow',
  open: 'yellow',
  running: 'cyan',
};

/** Gives a text the colour of a status. */
export function paintStatus(text: string, status: string, colors: Colors): string {
  return colors[STATUS_COLORS[status] ?? 'dim'](text);
}
