/** A V8 CPU profile (`.cpuprofile`), as far as it is read here. */
export type CpuProfile = {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
    /** Ids of what it called. */
    readonly children?: readonly number[];
  }[];
  /** Id of the node that ran when the sample was taken. */
  readonly samples: readonly number[];
  /** µs since the sample before. */
  readonly timeDeltas: readonly number[];
};

export type Cost = {
  readonly name: string;
  readonly where: string;
  /** ms in it, without what it calls. */
  readonly ms: number;
  /** Of all that wasn't idle, 0 to 1. */
  readonly share: number;
};

export type ProfileSummary = {
  /** ms that weren't idle. */
  readonly busyMs: number;
  /** The most expensive first. */
  readonly functions: readonly Cost[];
  /** The same by package and by folder of ours: what Node itself does is part of who called it. */
  readonly parts: readonly Omit<Cost, 'where'>[];
};

type Node = CpuProfile['nodes'][number];

const IDLE = '(idle)';

/** Where the time of a thread went; what took less than `least` (0 to 1) of it is left out. */
export function summariseProfile(profile: CpuProfile, least: number): ProfileSummary {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const partOf = readParts(profile.nodes);
  const functions = new Map<string, { readonly name: string; readonly where: string; ms: number }>();
  const parts = new Map<string, { readonly name: string; ms: number }>();
  let busyMs = 0;
  for (const [index, id] of profile.samples.entries()) {
    const node = nodes.get(id);
    if (node === undefined || node.callFrame.functionName === IDLE) continue;
    const ms = (profile.timeDeltas[index] ?? 0) / 1_000;
    const { functionName, url, lineNumber } = node.callFrame;
    const name = functionName || '(anonymous)';
    const where = url === '' ? '' : `${shortPath(url)}:${lineNumber + 1}`;
    add(functions, `${name} ${where}`, { name, where, ms });
    const part = partOf(node);
    add(parts, part, { name: part, ms });
    busyMs += ms;
  }
  const largest = <One extends { readonly ms: number }>(costs: ReadonlyMap<string, One>) =>
    [...costs.values()]
      .map((cost) => ({ ...cost, share: busyMs === 0 ? 0 : cost.ms / busyMs }))
      .filter(({ share }) => share >= least)
      .sort((a, b) => b.ms - a.ms);
  return { busyMs, functions: largest(functions), parts: largest(parts) };
}

function add<One extends { ms: number }>(costs: Map<string, One>, key: string, cost: One): void {
  const before = costs.get(key);
  if (before) before.ms += cost.ms;
  else costs.set(key, cost);
}

/** To which part a node's time belongs: its own, or that of the nearest caller which has one. */
function readParts(nodes: readonly Node[]): (node: Node) => string {
  const callers = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node] as const)));
  const known = new Map<number, string>();
  return function partOf(node: Node): string {
    const before = known.get(node.id);
    if (before !== undefined) return before;
    const caller = callers.get(node.id);
    const part = ownPart(node) ?? (caller ? partOf(caller) : 'Node');
    known.set(node.id, part);
    return part;
  };
}

function ownPart({ callFrame: { functionName, url } }: Node): string | undefined {
  // Where it was called from is chance.
  if (functionName === '(garbage collector)') return functionName;
  if (url === '' || url.startsWith('node:')) return undefined;
  const path = shortPath(url);
  return url.includes('node_modules/') ? /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] : path.replace(/\/[^/]+$/, '');
}

/** Names no directory of the machine: a package's or ours from its folder on. */
function shortPath(url: string): string {
  const inPackage = url.lastIndexOf('node_modules/');
  if (inPackage >= 0) return url.slice(inPackage + 'node_modules/'.length);
  return /\/((?:activities|bench|src|workflows|\.build)\/.*)$/.exec(url)?.[1] ?? url.replace(/^.*\//, '');
}
