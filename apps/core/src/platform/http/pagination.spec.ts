import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { Cursors, type Position } from './cursors.js';
import { listOf, listQuery, paginate, type PageQuery } from './pagination.js';

const cursors = new Cursors(Buffer.alloc(32, 7));
const QuerySchema = listQuery({ status: z.enum(['active', 'archived']).optional() });
const query = (input: Record<string, string> = {}): PageQuery => QuerySchema.parse(input);

// Pairs of rows share a moment, as rows do that are made while a test clock stands still.
const rows: Position[] = Array.from({ length: 7 }, (_, n) => ({
  createdAt: new Date(Date.UTC(2026, 0, 1 + Math.floor(n / 2))),
  id: `cus_${n}`,
}));

/** Stands for the database: the order and the position of a page, on the rows above. */
async function pageOf(pageQuery: PageQuery) {
  return paginate({
    query: pageQuery,
    cursors,
    fetch: ({ direction, after, take }) => {
      const ordered = direction === 'asc' ? rows : rows.toReversed();
      const start = after ? ordered.findIndex((row) => row.id === after.id) + 1 : 0;
      return Promise.resolve(ordered.slice(start, start + take));
    },
    toWire: (row) => row.id,
  });
}

describe('a list query', () => {
  it('has a page of 20, newest first, by default', () => {
    expect(query()).toMatchObject({ limit: 20, sort: '-createdAt' });
  });

  it.each(['0', '101', '-1', '1.5', '0x10', '1e1', '', ' 5', 'ten'])('refuses a limit of %j', (limit) => {
    expect(QuerySchema.safeParse({ limit }).success).toBe(false);
  });

  it('refuses unknown keys, repeated keys and moments without a zone', () => {
    expect(QuerySchema.safeParse({ page: '2' }).success).toBe(false);
    expect(QuerySchema.safeParse({ limit: ['1', '2'] }).success).toBe(false);
    expect(QuerySchema.safeParse({ 'createdAt[gte]': '2026-01-01T00:00:00' }).success).toBe(false);
  });

  it('keeps the filters of the feature', () => {
    expect(QuerySchema.parse({ status: 'active' }).status).toBe('active');
  });
});

describe('paginate', () => {
  it.each(['createdAt', '-createdAt'] as const)('walks every row once in the order of %s', async (sort) => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await pageOf(query({ sort, limit: '2', ...(cursor ? { cursor } : {}) }));
      seen.push(...page.data);
      expect(page.hasMore).toBe(page.nextCursor !== null);
      cursor = page.nextCursor;
    } while (cursor);
    const ids = rows.map((row) => row.id);
    expect(seen).toEqual(sort === 'createdAt' ? ids : ids.toReversed());
  });

  it('says that there is no more when the last page is exactly full', async () => {
    expect(await pageOf(query({ limit: '7' }))).toMatchObject({ hasMore: false, nextCursor: null });
  });

  it('turns bounds and cursor into conditions', async () => {
    const createdAt = new Date('2026-02-01T00:00:00Z');
    const cursor = cursors.write('asc', { createdAt, id: 'cus_9' });
    let where: unknown;
    await paginate({
      query: query({ sort: 'createdAt', cursor, 'createdAt[gte]': '2026-01-01T03:00:00+03:00' }),
      cursors,
      fetch: (page) => {
        where = page.where;
        return Promise.resolve([]);
      },
      toWire: (row: Position) => row,
    });
    expect(where).toEqual({
      AND: [
        { createdAt: { gte: new Date('2026-01-01T00:00:00Z') } },
        { createdAt: { gte: createdAt } },
        { OR: [{ createdAt: { gt: createdAt } }, { createdAt, id: { gt: 'cus_9' } }] },
      ],
    });
  });
});

describe('cursors', () => {
  const position = { createdAt: new Date('2026-01-31T00:00:00Z'), id: 'cus_1' };

  it('are read back as they were written', () => {
    expect(cursors.read('asc', cursors.write('asc', position))).toEqual(position);
  });

  it('are refused when forged, of another key, of the other order, or no cursor at all', () => {
    const cursor = cursors.write('asc', position);
    const foreign = new Cursors(Buffer.alloc(32, 8)).write('asc', position);
    const forged = `${cursor.slice(0, -2)}${cursor.endsWith('AA') ? 'BB' : 'AA'}`;
    for (const bad of [foreign, forged, cursor.slice(0, 8), '', 'cus_1', '💥']) {
      expect(() => cursors.read('asc', bad)).toThrowError(
        expect.objectContaining({ definition: expect.objectContaining({ code: 'invalid_cursor' }) }),
      );
    }
    expect(() => cursors.read('desc', cursor)).toThrowError('sorted the other way');
  });
});

describe('listOf', () => {
  it('names the schema of the page', () => {
    const schema = listOf(z.object({ id: z.string() }), 'ThingList');
    expect(schema.meta()).toMatchObject({ id: 'ThingList' });
    expect(
      schema.safeParse({ object: 'list', data: [{ id: 'a' }], hasMore: false, nextCursor: null }).success,
    ).toBe(true);
  });
});
