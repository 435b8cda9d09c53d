/** A V8 CPU profile (`.cpuprofile`), as far as it is read here. */
export type CpuProfile = {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
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
};

const IDLE = '(idle)';

/** Which functions took the time of a thread, those with less than `least` (0 to 1) of it left out. */
export function summariseProfile(profile: CpuProfile, least: number): ProfileSummary {
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const costs = new Map<string, { readonly name: string; readonly where: string; ms: number }>();
  let busyMs = 0;
  for (const [index, id] of profile.samples.entries()) {
    const frame = frames.get(id);
    if (frame === undefined || frame.functionName === IDLE) continue;
    const ms = (profile.timeDeltas[index] ?? 0) / 1_000;
    const name = frame.functionName || '(anonymous)';
    const where = frame.url === '' ? '' : `${shortPath(frame.url)}:${frame.lineNumber + 1}`;
    const key = `${name} ${where}`;
    const cost = costs.get(key) ?? { name, where, ms: 0 };
    cost.ms += ms;
    costs.set(key, cost);
    busyMs += ms;
  }
  const functions = [...costs.values()]
    .map((cost) => ({ ...cost, share: busyMs === 0 ? 0 : cost.ms / busyMs }))
    .filter(({ share }) => share >= least)
    .sort((a, b) => b.ms - a.ms);
  return { busyMs, functions };
}

/** Names no directory of the machine: a package's or ours from its folder on. */
function shortPath(url: string): string {
  const inPackage = url.lastIndexOf('node_modules/');
  if (inPackage >= 0) return url.slice(inPackage + 'node_modules/'.length);
  return /\/((?:activities|bench|src|workflows|\.build)\/.*)$/.exec(url)?.[1] ?? url.replace(/^.*\//, '');
}
