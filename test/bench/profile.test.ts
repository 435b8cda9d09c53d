import { describe, expect, it } from 'vitest';
import { summariseProfile } from '../../bench/profile/summarise.ts';

const frame = (id: number, functionName: string, url: string, lineNumber = 0) => ({
  id,
  callFrame: { functionName, url, lineNumber },
});
const PROFILE = {
  nodes: [
    frame(1, '(idle)', ''),
    frame(2, 'decode', 'file:///somewhere/project/node_modules/long/umd/index.js', 41),
    frame(3, 'decode', 'file:///somewhere/project/node_modules/long/umd/index.js', 41),
    frame(4, 'interpret', 'file:///somewhere/project/workflows/interpret.ts', 9),
    frame(5, '(garbage collector)', ''),
  ],
  samples: [1, 2, 3, 4, 5],
  timeDeltas: [50_000, 3_000, 3_000, 3_900, 100],
};

describe('a profile', () => {
  it('adds up a function wherever it was called from, against all that was not idle', () => {
    const { busyMs, functions } = summariseProfile(PROFILE, 0.02);
    expect(busyMs).toBe(10);
    expect(functions).toEqual([
      { name: 'decode', where: 'long/umd/index.js:42', ms: 6, share: 0.6 },
      { name: 'interpret', where: 'workflows/interpret.ts:10', ms: 3.9, share: 0.39 },
    ]);
  });

  it('of a thread that did nothing has no functions', () => {
    expect(summariseProfile({ ...PROFILE, samples: [1], timeDeltas: [50_000] }, 0.02)).toEqual({
      busyMs: 0,
      functions: [],
      parts: [],
    });
  });

  it('gives what Node does to the package or folder that called for it', () => {
    const nodes = [
      { ...frame(1, '(root)', ''), children: [2, 5, 7] },
      { ...frame(2, 'query', 'file:///somewhere/project/node_modules/@scope/pg/lib/client.js'), children: [3] },
      { ...frame(3, 'write', 'node:net'), children: [4] },
      frame(4, 'writev', ''),
      { ...frame(5, 'read', 'file:///somewhere/project/src/store/read.ts'), children: [6] },
      frame(6, '(garbage collector)', ''),
      frame(7, 'dispatch', ''),
    ];
    const { parts } = summariseProfile({ nodes, samples: [3, 4, 5, 6, 7], timeDeltas: Array(5).fill(1_000) }, 0.02);
    expect(parts).toEqual([
      { name: '@scope/pg', ms: 2, share: 0.4 },
      { name: 'src/store', ms: 1, share: 0.2 },
      { name: '(garbage collector)', ms: 1, share: 0.2 },
      { name: 'Node', ms: 1, share: 0.2 },
    ]);
  });
});
