import { describe, expect, it } from 'vitest';
import { runPattern } from './run-pattern.ts';

describe('what depends on a state or on triggers', () => {
  it.each([
    ['customer-answered', 'by the customer', ['/first/agent/called', '/first/nobody/silence']],
    ['agent-called', 'by the agent', ['/first/customer/answered', '/first/nobody/silence']],
    [undefined, 'by nobody', ['/first/agent/called', '/first/customer/answered']],
  ])('WCP-16: %s comes first', async (name, line, withdrawn) => {
    const { lines, paths } = await runPattern(16, name === undefined ? {} : { events: [[5, name]] });
    expect(lines).toEqual([line]);
    expect(paths('cancelled').toSorted()).toEqual(withdrawn);
  });

  it('WCP-17: each once, its own line in order, no two at a time, one line between the steps of the other', async () => {
    const { log, took } = await runPattern(17);
    expect(log).toEqual([
      '0 begin blood test',
      '1 finish blood test',
      '1 begin history',
      '2 finish history',
      '2 begin scan',
      '3 finish scan',
    ]);
    expect(took).toBe(3_000);
  });

  it.each([
    ['too early', 0.5, ['6 shipped']],
    ['in time', 3, ['3 changed', '6 shipped']],
    ['too late', 8, ['6 shipped']],
  ])('WCP-18: a change that is asked for %s', async (_, second, expected) => {
    expect((await runPattern(18, { events: [[second, 'change-asked']] })).log).toEqual(expected);
  });

  it('WCP-23: what came before the wait is lost', async () => {
    const heard = await runPattern(23, {
      events: [
        [1, 'alarm', 'one'],
        [7, 'alarm', 'two'],
      ],
    });
    expect(heard.log).toEqual(['7 heard alarm two']);
    const missed = await runPattern(23, { events: [[1, 'alarm', 'one']] });
    expect(missed.ending).toMatchObject({ status: 'failed', error: { code: 'TIMEOUT' } });
  });

  it('WCP-24: what came before the wait is kept', async () => {
    expect((await runPattern(24, { events: [[1, 'alarm', 'one']] })).log).toEqual(['5 heard alarm one']);
    expect((await runPattern(24, { events: [[7, 'alarm', 'two']] })).log).toEqual(['7 heard alarm two']);
  });

  it('WCP-39: one at a time on the bridge, side by side elsewhere', async () => {
    expect((await runPattern(39)).log).toEqual([
      '0 east departs',
      '0 west departs',
      '1 east on the bridge',
      '3 east off the bridge',
      '3 west on the bridge',
      '5 west off the bridge',
    ]);
  });

  it('WCP-40: each once, no two at a time', async () => {
    expect((await runPattern(40)).log).toEqual(['0 oil begins', '1 oil ends', '1 tyres begin', '3 tyres end']);
  });
});
