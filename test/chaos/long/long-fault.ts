import type { Session } from '../session.ts';

/** A fault that lasts minutes, with what must hold of it beside the invariants; it has a lab of its own. */
export type LongFault = {
  readonly name: string;
  /** Starts of executions a second. */
  readonly perSecond: number;
  readonly run: (session: Session) => Promise<void>;
};
