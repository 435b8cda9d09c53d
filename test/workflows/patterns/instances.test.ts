import { describe, expect, it } from 'vitest';
import { runPattern } from './run-pattern.ts';

describe('multiple instances', () => {
  it('WCP-12: nobody waits for them', async () => {
    const { log, children, ending, took } = await runPattern(12, { input: { fines: ['a', 'b', 'c'] } });
    expect(children).toEqual([{ to: 'a' }, { to: 'b' }, { to: 'c' }]);
    expect(ending).toMatchObject({ status: 'success' });
    // The children never end here.
    expect([log, took]).toEqual([['0 goes on'], 0]);
  });

  it('WCP-13: three at once, then what comes after', async () => {
    const { log } = await runPattern(13);
    expect(log.slice(0, 3).toSorted()).toEqual([
      '2 signed by the chair',
      '2 signed by the clerk',
      '2 signed by the treasurer',
    ]);
    expect(log.slice(3)).toEqual(['2 valid']);
  });

  it.each([[[]], [['ada']], [['ada', 'bob', 'eve', 'kim']]])('WCP-14: as many as there are: %j', async (reviewers) => {
    const { lines } = await runPattern(14, { input: { reviewers } });
    expect(lines.slice(0, -1).toSorted()).toEqual(reviewers.map((name) => `reviewed by ${name}`));
    expect(lines.at(-1)).toBe('decided');
  });

  it('WCP-15: more may begin while others run, and all are waited for', async () => {
    const { log, children } = await runPattern(15, {
      events: [
        [1, 'witness-named', { who: 'ada' }],
        [2, 'witness-named', { who: 'bob' }],
        [8, 'witness-named', { who: 'eve', last: true }],
      ],
      child: (world, input) => {
        const { tell } = input as { readonly tell: string };
        world.time.at(world.time.now() + 5_000, () => void world.events.send('statement-taken', null, tell));
        return undefined;
      },
    });
    expect(children).toMatchObject([{ who: 'ada' }, { who: 'bob' }, { who: 'eve' }]);
    expect(log).toEqual(['13 closed after 3']);
  });

  it('WCP-26: those that have not ended are withdrawn', async () => {
    const stopped = await runPattern(26, { events: [[2.5, 'calls-stopped']] });
    const calls = [0, 1, 2, 3].map((i) => stopped.rows[`/calls/all/each[${i}]/call`]);
    expect(calls).toEqual(['success', 'success', 'cancelled', 'cancelled']);
    expect([stopped.lines, stopped.took]).toEqual([[], 2_500]);
    expect((await runPattern(26)).log).toEqual(['4 goes on']);
  });

  it('WCP-27: those that have ended count, the others are withdrawn', async () => {
    const closed = await runPattern(27, { events: [[2.5, 'survey-closed']] });
    expect(closed.ending).toEqual({ status: 'success', output: [1, 2] });
    expect(closed.rows['/survey/all/each[2]/question']).toBe('cancelled');
    expect((await runPattern(27)).ending).toMatchObject({ output: [1, 2, 3, 4] });
  });
});

describe('cancellation', () => {
  it('WCP-19: one task is withdrawn, the rest goes on', async () => {
    const { log, rows, ending } = await runPattern(19, { events: [[60, 'inspection-withdrawn']] });
    expect(rows['/assess/work/inspect']).toBe('cancelled');
    expect(log).toEqual(['60 goes on']);
    expect(ending).toMatchObject({ status: 'success' });
    expect((await runPattern(19)).took).toBe(5 * 86_400_000);
  });

  it('WCP-20: all of it is withdrawn', async () => {
    const { ending, paths, log } = await runPattern(20, { cancelAt: 10 });
    expect(ending).toMatchObject({ status: 'cancelled' });
    expect(paths('cancelled')).toEqual(expect.arrayContaining([0, 1, 2].map((i) => `/application/checks[${i}]/check`)));
    expect(log).toEqual(['10 files closed']);
  });

  it('WCP-25: a region is withdrawn, what is outside goes on', async () => {
    const { rows, log } = await runPattern(25, { events: [[60, 'region-cancelled']] });
    expect(rows).toMatchObject({
      '/all/region/until/group/survey': 'success',
      '/all/region/until/group/evaluate': 'cancelled',
      '/all/region/until/group/offer': 'cancelled',
      '/all/outside/deliver': 'success',
    });
    expect(log).toEqual(['3600 delivered']);
  });
});
