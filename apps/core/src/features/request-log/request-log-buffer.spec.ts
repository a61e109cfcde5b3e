import { describe, expect, it } from 'vitest';

import { type LogTarget, RequestLogBuffer } from './request-log-buffer.js';

const a = { tenantId: 'ten_a', databaseId: 'tdb_a' };
const b = { tenantId: 'ten_b', databaseId: 'tdb_b' };

/** A writer whose writes end when the test says so. */
function world(limits = { batch: 3, perDatabase: 5, total: 8 }) {
  const written: { of: string; rows: readonly number[] }[] = [];
  const ends: (() => void)[] = [];
  const write = (target: LogTarget, rows: readonly number[]) => {
    written.push({ of: target.databaseId, rows });
    return new Promise<void>((resolve) => void ends.push(resolve));
  };
  return { buffer: new RequestLogBuffer<number>(write, limits), written, end: () => ends.shift()?.() };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the buffer of the request log', () => {
  it('writes a full batch at once, and the rest when it is flushed', async () => {
    const { buffer, written, end } = world();
    for (const row of [1, 2, 3]) buffer.add(a, row);
    expect(written).toEqual([{ of: 'tdb_a', rows: [1, 2, 3] }]);
    buffer.add(a, 4);
    buffer.flush();
    expect(written).toHaveLength(1);
    end();
    await settled();
    buffer.flush();
    expect(written[1]).toEqual({ of: 'tdb_a', rows: [4] });
  });

  it('lets no database wait for another', () => {
    const { buffer, written } = world();
    for (const row of [1, 2, 3]) buffer.add(a, row);
    for (const row of [4, 5, 6]) buffer.add(b, row);
    expect(written.map(({ of }) => of)).toEqual(['tdb_a', 'tdb_b']);
  });

  it('has no room without end, for one database or for all', () => {
    const { buffer } = world();
    for (const row of [1, 2, 3]) buffer.add(a, row);
    const added = Array.from({ length: 6 }, (_, row) => buffer.add(a, row));
    expect(added).toEqual([true, true, true, true, true, false]);
    for (const row of [1, 2, 3]) buffer.add(b, row);
    expect(Array.from({ length: 4 }, (_, row) => buffer.add(b, row))).toEqual([true, true, true, false]);
  });

  it('is drained of everything', async () => {
    const { buffer, written, end } = world();
    for (const row of [1, 2, 3, 4]) buffer.add(a, row);
    const drained = buffer.drain();
    end();
    await settled();
    end();
    await drained;
    expect(written.flatMap(({ rows }) => rows)).toEqual([1, 2, 3, 4]);
  });
});
