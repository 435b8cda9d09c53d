import { describe, expect, it } from 'vitest';
import { readOptions } from '../../bench/options.ts';
import { requirementsOf } from '../../bench/requirements.ts';

const variantsOf = (...given: readonly string[]) =>
  new Map(
    readOptions(given).workloads.map(({ workload, variants }) => [workload.name, variants.map(({ name }) => name)]),
  );

describe('the peers', () => {
  it('are left out by default, and nobody can ask for one by name', () => {
    expect([...variantsOf().values()].flat()).not.toContain('dbos');
    expect(() => variantsOf('--variants', 'weft,dbos')).toThrow('there is no dbos');
  });

  it('take part in whatever asks for no approval', () => {
    const peers = ['dbos', 'restate', 'restate call'];
    const all = variantsOf('--peers');
    for (const workload of ['three', 'wide', 'long', 'one'])
      expect(all.get(workload)).toEqual(expect.arrayContaining(peers));
    expect(all.get('approvals')?.filter((name) => peers.includes(name))).toEqual([]);
    expect(variantsOf('--peers', '--variants', 'weft,dbos').get('wide')).toEqual(['weft', 'dbos']);
  });
});

describe("Temporal's state", () => {
  it('is in memory, or on request in PostgreSQL, where more must hold', () => {
    const boundOf = (...given: readonly string[]) => {
      const wide = requirementsOf(readOptions(given).temporalStore).find(
        ({ workload, variant, figure }) => workload === 'wide' && variant === 'weft' && figure === 'tasksPerSecond',
      );
      return wide && 'atLeast' in wide ? wide.atLeast : undefined;
    };
    expect(boundOf()).toBe(4);
    expect(boundOf('--temporal-postgres')).toBe(10);
  });
});
