import { describe, expect, it } from 'vitest';
import { createOneByOne } from '../../workflows/one-by-one.ts';

describe('one by one', () => {
  const after = async (turns: number, stir: () => void): Promise<void> => {
    for (let turn = 0; turn < turns; turn++) {
      stir();
      await Promise.resolve();
    }
  };

  it('of those that come together each waits until what the one before set off rests', async () => {
    const results = createOneByOne();
    const order: string[] = [];
    const go = async (name: string, turns: number): Promise<void> => {
      await results.turn();
      order.push(`${name} goes`);
      await after(turns, results.stir);
      order.push(`${name} rests`);
    };
    await Promise.all([go('a', 200), go('b', 1), go('c', 60)]);
    expect(order).toEqual(['a goes', 'a rests', 'b goes', 'b rests', 'c goes', 'c rests']);
  });

  it('one that comes alone waits for nobody', async () => {
    const results = createOneByOne();
    let turns = 0;
    const came = results.turn().then(() => turns);
    for (; turns < 50; turns++) await Promise.resolve();
    expect(await came).toBeLessThan(5);
  });
});
