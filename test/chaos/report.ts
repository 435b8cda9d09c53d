import type { Violation } from './violation.ts';

/** Says what happens as it happens, and sums it up. */
export type Report = {
  /** @param began ms */
  readonly struck: (kind: string, about: string, began: number) => void;
  readonly found: (violations: readonly Violation[]) => void;
  readonly note: (line: string) => void;
  readonly checked: (executions: number, settledMs: number) => void;
  readonly violations: () => readonly Violation[];
  readonly lines: () => readonly string[];
  readonly close: (executions: number) => void;
};

/** A violation that is found again in the next check counts once. */
export function createReport(say: (line: string) => void): Report {
  const beginning = Date.now();
  const kinds = new Map<string, number>();
  const violations = new Map<string, Violation>();
  const lines: string[] = [];

  function tell(line: string): void {
    lines.push(line);
    say(line);
  }
  const clock = (): string => `${((Date.now() - beginning) / 1_000).toFixed(1).padStart(7)} s`;
  const faultCount = (): number => [...kinds.values()].reduce((sum, n) => sum + n, 0);

  return {
    struck: (kind, about, began) => {
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      tell(`${clock()}  ${String(faultCount()).padStart(4)}  ${kind}: ${about} (${Date.now() - began} ms)`);
    },
    found: (some) => {
      for (const violation of some) {
        const name = `${violation.invariant} ${violation.execution ?? ''} ${violation.what}`;
        if (violations.has(name)) continue;
        violations.set(name, violation);
        tell(`${clock()}  VIOLATION ${name}`);
      }
    },
    note: tell,
    checked: (executions, settledMs) => {
      tell(
        `${clock()}  checked: ${executions} executions, settled after ${settledMs} ms, ${violations.size} violations`,
      );
    },
    violations: () => [...violations.values()],
    lines: () => lines,
    close: (executions) => {
      for (const [kind, count] of [...kinds].sort()) tell(`${String(count).padStart(6)}  ${kind}`);
      tell(
        `${faultCount()} faults of ${kinds.size} kinds over ${executions} executions, ${violations.size} violations`,
      );
    },
  };
}
