import { expect, it } from 'vitest';
import { acceptedAtOf, timeOfId } from '../src/ids.ts';

const made = '2026-11-28T03:50:07.779Z';
const id = '01a22046-4ca3-75c0-a2bb-3790d5215d19';

it('reads when a uuid of version 7 was made, in no other id', () => {
  expect(timeOfId(id)).toBe(made);
  const others = ['01a22046-4ca3-45c0-a2bb-3790d5215d19', `${id}~a`, 'order-17', ''];
  expect(others.map(timeOfId)).toEqual(others.map(() => undefined));
});

it('takes the memo before the id for when an execution was accepted', () => {
  expect(acceptedAtOf('2026-01-01T00:00:00.000Z', id)).toBe('2026-01-01T00:00:00.000Z');
  expect(acceptedAtOf(undefined, id)).toBe(made);
  expect(acceptedAtOf(undefined, 'order-17')).toBeUndefined();
});
