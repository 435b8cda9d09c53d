import type { ErrorInfo, Json } from '../../src/contract.ts';

/** What an execution did, as the model and the interpreter tell it; details of errors are left out. Times are ms since the start. */
export type Trace = {
  readonly status: string;
  readonly output?: Json;
  readonly error?: ErrorInfo;
  readonly endedAt: number;
  /** By path. */
  readonly rows: { readonly [path: string]: Row };
  /** In the order of time. */
  readonly calls: readonly MadeCall[];
  /** Votes and what became of them, in the order of time. */
  readonly ballots: readonly CastBallot[];
  /** Status of each approval at the end, by path. */
  readonly approvals: { readonly [path: string]: string };
};

export type Row = {
  readonly type: string;
  readonly status: string;
  readonly startedAt: number | null;
  readonly endedAt: number;
  readonly output?: Json;
  readonly error?: ErrorInfo;
};

export type MadeCall = {
  readonly at: number;
  /** Of an executor, or of the engine itself. */
  readonly name: string;
  readonly path: string;
  readonly attempt: number;
  readonly input: Json;
};

export type CastBallot = {
  readonly at: number;
  readonly path: string;
  readonly user: string;
  readonly decision: 'approve' | 'reject';
  /** Why it was refused, or `taken`. */
  readonly answer: string;
};

/** The same, in a form in which two of one execution are equal. */
export function normalised(trace: Trace): Json {
  const calls: { [call: string]: object } = {};
  for (const { name, path, attempt, ...call } of trace.calls) {
    const key = `${name} ${path} ${attempt}`;
    calls[key in calls ? `${key} again` : key] = call;
  }
  return withoutDetails({ ...trace, calls });
}

/** Sorted keys, no `detail` beside a `code`, nothing undefined. */
export function withoutDetails(value: unknown): Json {
  if (Array.isArray(value)) return value.map(withoutDetails);
  if (typeof value !== 'object' || value === null) return value as Json;
  const isError = 'code' in value && 'detail' in value;
  const entries = Object.entries(value).filter(([key, entry]) => entry !== undefined && !(isError && key === 'detail'));
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, entry]) => [key, withoutDetails(entry)]),
  );
}

/**
 * Where two traces differ; at most so many.
 * @param slack ms by which times may be off
 */
export function differences(model: Json, other: Json, slack: number, most = 8): readonly string[] {
  const found: string[] = [];
  compareAt('', model, other);
  return found;

  function compareAt(place: string, a: Json, b: Json): void {
    if (found.length >= most || a === b) return;
    if (typeof a === 'object' && a !== null && typeof b === 'object' && b !== null) {
      const [left, right] = [a, b] as unknown as [{ [key: string]: Json }, { [key: string]: Json }];
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
        compareAt(`${place} ${key}`, key in left ? left[key]! : MISSING, key in right ? right[key]! : MISSING);
    } else if (!(slack > 0 && (isNear(place, a, b) || isForgotten(place, b)))) {
      found.push(`${place}: model ${JSON.stringify(a)}, interpreter ${JSON.stringify(b)}`);
    }
  }

  function isNear(place: string, a: Json, b: Json): boolean {
    return TIMES.test(place) && Math.abs(timeOf(a) - timeOf(b)) <= slack;
  }
}

/** What no expression can read isn't carried into another run, so the row of the list around it may not show it. */
function isForgotten(place: string, b: Json): boolean {
  return OUTPUT_OF_ROW.test(place) && b === null;
}

const OUTPUT_OF_ROW = /^ rows \S+ output/;
const MISSING = '(missing)';
const TIMES = / (?:at|startedAt|endedAt|decidedAt)$/;

function timeOf(value: Json): number {
  return typeof value === 'string' ? Date.parse(value) : Number(value);
}
