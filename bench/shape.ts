/** What an execution does, in whatever way a variant writes it down. */
export type Shape = 'three' | 'wide' | 'long' | 'approval';

/** The input of an execution of any shape. */
export type ShapeInput = {
  /** Tasks, where the shape leaves that open. */
  readonly count: number;
};
