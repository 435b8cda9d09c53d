import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createRest } from '../../src/mirror/rest.ts';

const OPTIONS = { ms: 50, share: 3, most: 40 };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Takes a rest and answers how long it was, in ms, and whether somebody waited. */
async function take(rest: ReturnType<typeof createRest>, during?: (ms: number) => void) {
  const taken: boolean[] = [];
  void rest.take().then((isAwaited) => taken.push(isAwaited));
  const turns = async () => {
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    return taken.length > 0;
  };
  let ms = 0;
  while (!(await turns())) {
    during?.(ms);
    if (await turns()) break;
    await vi.advanceTimersByTimeAsync(1);
    ms++;
  }
  rest.relax();
  return { ms, isAwaited: taken[0] };
}

it('is whole while nobody waits, none when somebody does', async () => {
  const rest = createRest(OPTIONS);
  expect(await take(rest)).toEqual({ ms: 50, isAwaited: false });
  rest.hurry();
  expect(await take(rest)).toEqual({ ms: 0, isAwaited: true });
  expect(await take(rest, (ms) => ms === 7 && rest.hurry())).toEqual({ ms: 7, isAwaited: true });
});

it('after a batch that was waited for it is a share of what that took, counted from its end', async () => {
  const rest = createRest(OPTIONS);
  rest.took(5);
  rest.hurry();
  expect(await take(rest)).toEqual({ ms: 15, isAwaited: true });
  rest.took(5);
  await vi.advanceTimersByTimeAsync(10);
  rest.hurry();
  expect(await take(rest)).toEqual({ ms: 5, isAwaited: true });
  rest.took(5);
  await vi.advanceTimersByTimeAsync(15);
  rest.hurry();
  expect(await take(rest)).toEqual({ ms: 0, isAwaited: true });
});

it('is for those of other executions: what the same one tells next goes at once', async () => {
  const rest = createRest(OPTIONS);
  rest.took(5, 'one');
  rest.hurry('one');
  expect(await take(rest)).toEqual({ ms: 0, isAwaited: false });
  rest.took(5, 'one');
  rest.hurry('another');
  expect(await take(rest)).toEqual({ ms: 15, isAwaited: true });
  rest.took(5);
  rest.hurry();
  expect(await take(rest)).toEqual({ ms: 15, isAwaited: true });
});

it('is never longer than the most, and none where there is enough for a batch', async () => {
  const rest = createRest(OPTIONS);
  rest.took(1_000);
  rest.hurry();
  expect(await take(rest)).toEqual({ ms: 40, isAwaited: true });
  rest.took(1_000);
  rest.hurry();
  expect((await take(rest, (ms) => ms === 3 && rest.skip())).ms).toBe(3);
});
