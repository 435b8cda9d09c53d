import { expect, it } from 'vitest';
import { digits } from '../../bench/digits.ts';
import { table } from '../../bench/table.ts';

it('a table lines up', () => {
  expect(
    table(
      ['', 'tasks/s'],
      [
        ['weft', '9'],
        ['hand normal', '123 (1–2)'],
      ],
    ),
  ).toEqual([
    '|             |   tasks/s |',
    '| ----------- | --------: |',
    '| weft        |         9 |',
    '| hand normal | 123 (1–2) |',
  ]);
});

it('a table without rows is one all the same', () => {
  expect(table(['must hold', ''], [])).toEqual(['| must hold |     |', '| --------- | --: |']);
});

it('a number has about three digits that count', () => {
  expect([1234.5, 99.94, 9.994, 0.123].map(digits)).toEqual(['1235', '99.9', '9.99', '0.12']);
});
