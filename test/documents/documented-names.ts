/** What a document says there is, by its own names; `names.json` is a list of these, one for each schema. */
export type DocumentedSchema = {
  readonly document: string;
  readonly schema: string;
  readonly tables: readonly DocumentedTable[];
  readonly enums: { readonly [name: string]: readonly string[] };
  readonly indexes: readonly DocumentedIndex[];
  readonly views: readonly string[];
  readonly functions: readonly string[];
  readonly procedures: readonly string[];
  readonly triggers: readonly { readonly name: string; readonly table: string }[];
  readonly policies: readonly { readonly name: string; readonly table: string }[];
  readonly partitions: readonly { readonly name: string; readonly table: string }[];
  /** `table` or `table.column`. */
  readonly comments: readonly string[];
};

export type DocumentedTable = {
  readonly name: string;
  /** `listed`: named in a list and nowhere defined; `prose`: described without a CREATE TABLE. */
  readonly from: 'create table' | 'listed' | 'prose';
  /** In the document's order, as `VARCHAR(36) not null`; a column of prose has the type '' when none is said. */
  readonly columns: { readonly [name: string]: string };
  readonly constraints: readonly DocumentedConstraint[];
};

export type DocumentedConstraint = {
  readonly kind: 'check' | 'foreign key' | 'primary key' | 'unique';
  readonly name?: string;
  /** Of a CHECK: every column it speaks of. */
  readonly columns: readonly string[];
  readonly references?: string;
};

export type DocumentedIndex = {
  readonly name: string;
  readonly table: string;
  readonly method: string;
  readonly unique: boolean;
  /** Columns or expressions, without their direction. */
  readonly on: readonly string[];
  readonly include?: readonly string[];
  readonly where?: string;
};
