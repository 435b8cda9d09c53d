import { expect, it } from 'vitest';
import { createProgress } from '../../src/mirror/progress.ts';

const after = (ms: number) => new Promise<string>((resolve) => setTimeout(() => resolve('not yet'), ms));
const seen = (wait: Promise<void>, ms = 20) => Promise.race([wait.then(() => 'there'), after(ms)]);

it('who waits goes on when what was there then is finished', async () => {
  const progress = createProgress();
  expect(await seen(progress.reach(1_000))).toBe('there');
  progress.add(3);
  const first = progress.reach(1_000);
  progress.add(2);
  const second = progress.reach(1_000);
  progress.finish(2);
  expect(await seen(first)).toBe('not yet');
  progress.finish(1);
  expect(await seen(first)).toBe('there');
  expect(await seen(second)).toBe('not yet');
  progress.finish(2);
  expect(await seen(second)).toBe('there');
});

it('nobody waits longer than asked, nor while it stalls', async () => {
  const progress = createProgress();
  progress.add(1);
  expect(await seen(progress.reach(30), 300)).toBe('there');
  const wait = progress.reach(10_000);
  progress.stall();
  expect(await seen(wait)).toBe('there');
  expect(await seen(progress.reach(10_000))).toBe('there');
  progress.add(1);
  progress.finish(1);
  expect(await seen(progress.reach(10_000))).toBe('not yet');
});
