import { describe, expect, it } from 'vitest';
import { runPattern } from './run-pattern.ts';

describe('discriminators and partial joins', () => {
  it('WCP-9: the first goes on, the others run to their end', async () => {
    const { log, paths } = await runPattern(9);
    expect(log).toEqual(['1 treated by the near one', '3 all doctors were there']);
    expect(paths('cancelled')).toEqual([]);
  });

  it('WCP-28: the next round begins when all are through', async () => {
    const { log, paths, took } = await runPattern(28);
    expect(log).toEqual(['1 patient 1 treated by the near one', '4 patient 2 treated by the near one']);
    expect(took).toBe(6_000);
    expect(paths('cancelled')).toEqual([]);
  });

  it('WCP-29: the others are cancelled', async () => {
    const { log, paths, took } = await runPattern(29);
    expect(log).toEqual(['1 found in archive']);
    expect(paths('cancelled')).toEqual(['/search/library/library']);
    expect(took).toBe(1_000);
  });

  it('WCP-30: two of three go on, the third runs to its end', async () => {
    const { log, paths } = await runPattern(30);
    expect(log).toEqual(['2 decided with [1,2]', '4 all have answered']);
    expect(paths('cancelled')).toEqual([]);
  });

  it('WCP-31: the next round begins when all three are through', async () => {
    const { log, took, paths } = await runPattern(31);
    expect(log).toEqual(['2 decided in round 1', '6 decided in round 2']);
    expect(took).toBe(8_000);
    expect(paths('cancelled')).toEqual([]);
  });

  it('WCP-32: two of three go on, the third is cancelled', async () => {
    const { log, paths, took } = await runPattern(32);
    expect(log).toEqual(['2 decided with quick and usual']);
    expect(paths('cancelled')).toEqual(['/opinions/slow/slow']);
    expect(took).toBe(2_000);
  });

  it('WCP-33: once for every pair, and what comes early is kept', async () => {
    expect((await runPattern(33)).log).toEqual(['3 car of 1 and 1', '6 car of 2 and 2', '9 car of 3 and 3']);
  });

  it('WCP-34: three of five instances go on, two run to their end', async () => {
    const { log, paths } = await runPattern(34);
    expect(log).toEqual(['3 reported', '5 all five are through']);
    expect(paths('cancelled')).toEqual([]);
  });

  it('WCP-35: three of five instances go on, two are cancelled', async () => {
    const { log, rows, took } = await runPattern(35);
    expect(log).toEqual(['3 reported']);
    expect(took).toBe(3_000);
    const works = [0, 1, 2, 3, 4].map((i) => rows[`/all/instances/each[${i}]/work`]);
    expect(works).toEqual(['success', 'success', 'success', 'cancelled', 'cancelled']);
  });

  it('WCP-36: enough is a condition, asked after each; instances may begin meanwhile', async () => {
    const { log, children, rows } = await runPattern(36, {
      events: [
        [1, 'bidder-asked', 10],
        [2, 'bidder-asked', 70],
        [4, 'bidder-asked', 40],
        [5, 'bidder-asked', 90],
        [20, 'bidder-asked', 1],
      ],
      child: (world, input) => {
        const { who, tell } = input as { readonly who: number; readonly tell: string };
        expect(tell).toBe('e1');
        world.time.at(world.time.now() + 5_000, () => void world.events.send('bid-made', who, tell));
        return undefined;
      },
    });
    // 10 and 70 aren't enough, with 40 they are; the fourth has begun and isn't waited for, the fifth never does.
    expect(log).toEqual(['9 enough with 120']);
    expect(children).toHaveLength(4);
    expect(rows['/all/instances/grow']).toBe('cancelled');
  });

  it('WCP-41: three threads become one', async () => {
    expect((await runPattern(41)).log).toEqual(['3 settled once']);
  });

  it('WCP-42: one becomes three, each for itself', async () => {
    expect((await runPattern(42)).log).toEqual(['1 paper 1 graded', '2 paper 2 graded', '3 paper 3 graded']);
  });
});
