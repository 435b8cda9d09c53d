/** A test file, those of its tests whose full name holds `name`, and a text that the failure of one of them must hold. */
export type CaughtByTest = { readonly test: string; readonly name: string; readonly says: RegExp };

/** Kinds of faults of `npm run chaos -- --kinds`, and a text that its violations must hold. */
export type CaughtByChaos = { readonly chaos: string; readonly says: RegExp };

/** One defect, put into a copy of the code; `find` stands once in the file. */
export type PlantedBug = {
  readonly what: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly caughtBy: CaughtByTest | CaughtByChaos;
};
