import { expect, it } from 'vitest';
import { createMessageRoom } from '../../src/temporal/message-room.ts';

it('a run has 2 MB in 12 s, each its own', () => {
  let now = 0;
  const room = createMessageRoom(() => now);
  expect(room.take('a', 1_500_000)).toBe(true);
  expect(room.take('a', 600_000)).toBe(false);
  expect(room.take('b', 600_000)).toBe(true);
  now = 6_000;
  expect(room.take('a', 500_000)).toBe(true);
  now = 12_001;
  expect(room.take('a', 1_500_001)).toBe(false);
  expect(room.take('a', 1_500_000)).toBe(true);
});

it('runs that are over are forgotten', () => {
  let now = 0;
  const room = createMessageRoom(() => now);
  for (let index = 0; index < 5_000; index++) {
    now += 100;
    expect(room.take(`run ${index}`, 2_000_000)).toBe(true);
  }
});
