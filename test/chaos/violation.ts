/** Something that must not be. */
export type Violation = {
  /** Of `docs/faults.md`. */
  readonly invariant: string;
  readonly execution: string | null;
  readonly what: string;
};
