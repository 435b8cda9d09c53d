import { describe, expect, it } from 'vitest';
import { runPattern } from './run-pattern.ts';

const success = { status: 'success' };

describe('basic control flow and branching', () => {
  it('WCP-1: in order', async () => {
    expect((await runPattern(1)).log).toEqual(['0 picked', '1 shipped']);
  });

  it('WCP-2: all branches begin at once', async () => {
    const { log, took } = await runPattern(2);
    expect(log).toEqual(['0 ordered', '0 packing', '0 billing']);
    expect(took).toBe(2_000);
  });

  it('WCP-3: once, when the last has ended', async () => {
    expect((await runPattern(3)).log).toEqual(['3 dinner']);
  });

  it.each([
    [50, 'small'],
    [500, 'medium'],
    [5_000, 'large'],
  ])('WCP-4: %i goes one way only', async (amount, way) => {
    expect((await runPattern(4, { input: { amount } })).lines).toEqual([way]);
  });

  it('WCP-5: each way goes on, alone', async () => {
    expect((await runPattern(5, { input: { cash: true } })).log).toEqual(['0 cash', '0 receipt']);
    expect((await runPattern(5)).log).toEqual(['2 transfer', '2 receipt']);
  });

  it('WCP-6: every way that is chosen, and no other', async () => {
    expect((await runPattern(6, { input: { what: ['theft', 'fire'] } })).lines.toSorted()).toEqual([
      'fire brigade',
      'police',
    ]);
    expect((await runPattern(6, { input: { what: ['injured'] } })).lines).toEqual(['ambulance']);
    expect((await runPattern(6, { input: { what: ['fire', 'injured', 'theft'] } })).lines).toHaveLength(3);
  });

  it('WCP-7: waits for what was chosen, and for nothing else', async () => {
    expect((await runPattern(7, { input: { what: ['fire', 'injured'] } })).log).toEqual(['3 report']);
    expect((await runPattern(7, { input: { what: ['injured'] } })).log).toEqual(['1 report']);
    expect((await runPattern(7, { input: { what: [] } })).log).toEqual(['0 report']);
  });

  it('WCP-8: what comes after runs once for each branch, at its own time', async () => {
    expect((await runPattern(8)).log).toEqual(['1 filed wheels', '3 filed engine']);
  });

  it('WCP-10: rings that overlap', async () => {
    const { lines, rows } = await runPattern(10);
    expect(lines).toEqual([
      'drafted',
      'back to the draft',
      'drafted',
      'published',
      'back to the check',
      'published',
      'archived',
    ]);
    expect(rows).toMatchObject({ '/check~3': 'success', '/draft~2': 'success', '/publish~2': 'success' });
  });

  it('WCP-11: ends when nothing is left to do', async () => {
    const { log, took, ending } = await runPattern(11);
    expect(ending).toMatchObject(success);
    expect(log).toEqual(['1 painted', '3 planted']);
    expect(took).toBe(3_000);
  });

  it('WCP-21: while before, until after', async () => {
    expect((await runPattern(21, { input: { pages: 2 } })).lines).toEqual(['page 1', 'page 2', 'pressed', 'pressed']);
    // 'while' may mean not once, 'until' is once at least.
    expect((await runPattern(21, { input: { pages: 0 } })).lines).toEqual(['pressed', 'pressed']);
  });

  it('WCP-22: starts itself, with a smaller input each time', async () => {
    const outputOf = async (n: number): Promise<number> => {
      // The child is an execution of the same definition.
      const output = n > 1 ? await outputOf(n - 1) : 1;
      const run = await runPattern(22, {
        input: { n },
        child: () => ({ after: 1, end: { status: 'success', output } }),
      });
      expect(run.children).toEqual(n > 1 ? [{ n: n - 1 }] : []);
      return run.ending.status === 'success' ? Number(run.ending.output) : Number.NaN;
    };
    expect(await outputOf(5)).toBe(120);
  });

  it('WCP-37: waits for the edges that are alive, however many die', async () => {
    const shipped = async (input: object) => {
      const { log, rows } = await runPattern(37, { input: { ...input } });
      return { log, duties: rows['/duties'], courier: rows['/courier'] };
    };
    expect(await shipped({})).toEqual({ log: ['0 shipped'], duties: 'skipped', courier: 'skipped' });
    expect(await shipped({ urgent: true })).toEqual({ log: ['1 shipped'], duties: 'skipped', courier: 'success' });
    expect(await shipped({ abroad: true })).toEqual({ log: ['3 shipped'], duties: 'success', courier: 'skipped' });
    expect(await shipped({ abroad: true, urgent: true })).toMatchObject({ log: ['3 shipped'], courier: 'success' });
  });

  it('WCP-43: ends all of it, with success', async () => {
    const { ending, rows, lines, took } = await runPattern(43);
    expect(ending).toEqual({ status: 'success', output: 'found' });
    expect(rows['/search/there/farther']).toBe('cancelled');
    expect([lines, took]).toEqual([[], 1_000]);
    expect((await runPattern(43, { input: { hidden: true } })).lines).toEqual(['nothing found']);
  });
});
