import jsonata from '#jsonata';
import type { Findings } from './findings.ts';
import { compilePattern } from './linear-regex.ts';

type Node = jsonata.Node;

/** The language's roots, without `$`. */
const ROOTS: readonly string[] = [
  ...['input', 'vars', 'tasks', 'item', 'index', 'error', 'execution', 'result', 'event', 'approval'],
];
const FUNCTIONS: ReadonlySet<string> = new Set(jsonata.builtIns);

/** One walk over one tree. */
type Walk = {
  readonly findings: Findings;
  readonly roots: ReadonlySet<string>;
  /** Bodies of functions: they may read what is bound after they are written, so they come last. */
  readonly later: (() => void)[];
};

/** Where a node stands. */
type Place = {
  /** Names bound by `:=`, `@`, `#` and parameters, innermost last. */
  readonly scopes: readonly Set<string>[];
  /** Whether a bare name is looked up in something: behind a path's first step, in a predicate, a grouping, a sort. */
  readonly context: boolean;
};

type Step = (node: Node, place: Place, walk: Walk) => void;

/** What to do at each type of node; literals need nothing. */
const STEPS: { readonly [type: string]: Step } = {
  path: walkPath,
  name: refuseBareName,
  wildcard: refuseBareName,
  descendant: refuseBareName,
  parent: refuseBareName,
  variable: walkVariable,
  function: walkCall,
  partial: walkCall,
  lambda: walkLambda,
  block: ({ expressions }, place, walk) =>
    walkAll(expressions, { ...place, scopes: [...place.scopes, new Set()] }, walk),
  bind: walkBinding,
  unary: ({ expression, expressions, lhs }, place, walk) => {
    walkAll([expression, ...(expressions ?? []), ...(Array.isArray(lhs) ? lhs.flat() : [])], place, walk);
  },
  binary: ({ lhs, rhs }, place, walk) => walkAll([lhs as Node, rhs], place, walk),
  apply: ({ lhs, rhs }, place, walk) => walkAll([lhs as Node, rhs], place, walk),
  condition: (node, place, walk) => walkAll([node.condition, node.then, node.else], place, walk),
  transform: (node, place, walk) =>
    walkAll([node.pattern, node.update, node.delete], { ...place, context: true }, walk),
  sort: ({ terms = [] }, place, walk) => {
    const inside = { ...place, context: true };
    walkAll(
      terms.map(({ expression }) => expression),
      inside,
      walk,
    );
  },
  regex: walkRegex,
};

/** Checks a whole syntax tree; what it finds is added to `findings`. */
export function walkTree(root: Node, findings: Findings, moreRoots: readonly string[]): void {
  const walk: Walk = { findings, roots: new Set([...ROOTS, ...moreRoots]), later: [] };
  walkNode(root, { scopes: [new Set()], context: false }, walk);
  for (const body of walk.later) body();
}

function walkNode(node: Node, place: Place, walk: Walk): void {
  STEPS[node.type]?.(node, place, walk);
  walkPredicates(node, place, walk);
}

function walkAll(nodes: readonly (Node | undefined)[] | undefined, place: Place, walk: Walk): void {
  for (const node of nodes ?? []) if (node !== undefined) walkNode(node, place, walk);
}

/** Predicates and groupings see what they stand behind. */
function walkPredicates({ predicate = [], stages = [], group, type }: Node, place: Place, walk: Walk): void {
  const inside = { ...place, context: true };
  walkAll(
    [...predicate, ...stages].map(({ expr }) => expr),
    inside,
    walk,
  );
  if (type !== 'path') walkAll(group?.lhs.flat(), inside, walk);
}

function walkPath({ steps = [], group }: Node, place: Place, walk: Walk): void {
  const bound = new Set<string>();
  const scopes = [...place.scopes, bound];
  const known = readNamedRoot(steps, scopes, walk);
  for (const [i, step] of steps.entries()) {
    const at = { scopes, context: place.context || i > 0 };
    if (i < known) walkPredicates(step, at, walk);
    else walkNode(step, at, walk);
    const indexes = (step.stages ?? []).filter(({ type }) => type === 'index').map(({ value }) => value);
    for (const name of [step.focus, step.index, ...indexes]) if (typeof name === 'string') bound.add(name);
  }
  walkAll(group?.lhs.flat(), { scopes, context: true }, walk);
}

/** Reads `$tasks.<id>` and `$vars.<name>`; gives how many steps that were. */
function readNamedRoot([root, name]: readonly Node[], scopes: Place['scopes'], { findings }: Walk): number {
  if (root?.type !== 'variable' || name?.type !== 'name' || typeof name.value !== 'string') return 0;
  if (root.value !== 'tasks' && root.value !== 'vars') return 0;
  if (isBound(root.value, scopes) || root.predicate !== undefined || root.stages !== undefined) return 0;
  findings.roots.add(root.value);
  findings[root.value].add(name.value);
  return 2;
}

function refuseBareName({ type, value, position }: Node, { context }: Place, { findings }: Walk): void {
  if (context) return;
  const text = type === 'name' ? String(value) : type === 'parent' ? '%' : type === 'wildcard' ? '*' : '**';
  const hint = FUNCTIONS.has(text)
    ? `The function is $${text}`
    : 'Write $input., $vars. or $tasks.<id>.output. before it';
  findings.refuse('BARE_NAME', { text, behind: position }, `${text} is looked up in nothing here`, hint);
}

function walkVariable({ value, position }: Node, { scopes, context }: Place, { findings, roots }: Walk): void {
  const name = String(value);
  const written = { text: `$${name}`, behind: position };
  if (isBound(name, scopes)) return;
  if (name === '') {
    if (!context)
      findings.refuse('BARE_NAME', written, '$ stands for nothing here', 'It works in predicates and paths');
  } else if (name === 'eval') {
    findings.refuse('EVAL_REFUSED', written, '$eval is not available: values are never evaluated');
  } else if (name === 'tasks') {
    const message = '$tasks must be followed by the id of a task';
    findings.refuse('TASKS_DYNAMIC', written, message, 'Write $tasks.<id>.output');
  } else if (roots.has(name)) {
    findings.roots.add(name);
    if (name === 'vars') findings.vars.add('*');
  } else if (!FUNCTIONS.has(name)) {
    const hint = `There are ${[...roots].map((root) => `$${root}`).join(', ')}, and what := binds before`;
    findings.refuse('VARIABLE_UNKNOWN', written, `$${name} is unknown`, hint);
  }
}

function walkCall(node: Node, place: Place, walk: Walk): void {
  walkAll(node.arguments, place, walk);
  const { procedure } = node;
  if (procedure === undefined) return;
  const name = procedure.type === 'variable' ? String(procedure.value) : undefined;
  const callable = name === undefined || name === '' || FUNCTIONS.has(name) || isBound(name, place.scopes);
  if (callable) {
    walkNode(procedure, place, walk);
  } else {
    const written = { text: `$${name}`, behind: procedure.position };
    walk.findings.refuse('FUNCTION_UNKNOWN', written, `There is no function $${name}`);
  }
}

function walkLambda({ arguments: parameters = [], body }: Node, place: Place, walk: Walk): void {
  const scopes = [...place.scopes, new Set(parameters.map(({ value }) => String(value)))];
  walk.later.push(() => walkAll([body], { ...place, scopes }, walk));
}

function walkBinding({ lhs, rhs }: Node, place: Place, walk: Walk): void {
  walkAll([rhs], place, walk);
  place.scopes.at(-1)?.add(String((lhs as Node).value));
}

function walkRegex({ value, position }: Node, _: Place, { findings }: Walk): void {
  const pattern = value as RegExp;
  // One is enough: to find out that a pattern is too large takes time.
  if (findings.problems.some(({ code }) => code === 'REGEX_UNSUPPORTED')) return;
  try {
    compilePattern(pattern);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const hint = 'Regular expressions are those of RE2: no look-around, no backreferences';
    const text = `/${pattern.source}/${pattern.flags.replace('g', '')}`;
    findings.refuse('REGEX_UNSUPPORTED', { text, behind: position }, message, hint);
  }
}

function isBound(name: string, scopes: Place['scopes']): boolean {
  return scopes.some((scope) => scope.has(name));
}
