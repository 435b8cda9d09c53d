import { describe, expect, it } from 'vitest';
import { page, readCursor, writeCursor } from '../../src/api/cursor.ts';

const at = '2026-11-01 10:00:00.123456+00';

describe('cursors', () => {
  it('keep microseconds', () => {
    expect(readCursor(writeCursor({ at, id: 'x' }))).toEqual({ at, id: 'x' });
  });

  it.each([
    '',
    'x',
    'eyJhIjoxfQ',
    writeCursor({ at: "2026-11-01'; drop table x", id: 'a' }),
    writeCursor({ at: '2026-99-99 10:00:00+00', id: 'a' }),
    writeCursor({ at: '2026-02-30 10:00:00+00', id: 'a' }),
    writeCursor({ at: '0000-01-01 10:00:00+00', id: 'a' }),
    writeCursor({ at: '2026-11-01 24:00:00+00', id: 'a' }),
    writeCursor({ at: '2026-11-01 10:00:00+23', id: 'a' }),
    writeCursor({ at, id: 'a\0' }),
  ])('refuse %j', (cursor) => {
    expect(() => readCursor(cursor)).toThrow('not one that a list gave');
  });

  it('are given while there are more', () => {
    const rows = ['a', 'b', 'c'].map((id) => ({ at, id }));
    expect(page(rows, 3, ({ id }) => id)).toEqual({ items: ['a', 'b', 'c'], nextCursor: null });
    expect(page(rows, 2, ({ id }) => id)).toEqual({ items: ['a', 'b'], nextCursor: writeCursor({ at, id: 'b' }) });
    expect(page([], 2, ({ id }) => id)).toEqual({ items: [], nextCursor: null });
  });
});
