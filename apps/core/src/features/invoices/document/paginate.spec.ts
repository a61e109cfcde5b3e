import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Block, paginate } from './paginate.js';

const room = { first: 100, next: 200, tableHeader: 20 };

function row(height: number, more: Partial<Block> = {}): Block {
  return { height, section: 'table', keepWithNext: false, ...more };
}

function heights(blocks: Block[]): number[][] {
  return paginate(blocks, room).map((page) => page.blocks.map((block) => block.height));
}

describe('paginate', () => {
  it('gives one page even of nothing', () => {
    expect(paginate([], room)).toEqual([{ blocks: [], beginsInTable: true }]);
  });

  it('fills a page below the table header and goes on to the next', () => {
    expect(heights([row(40), row(40), row(1)])).toEqual([[40, 40], [1]]);
    expect(heights([row(80), row(180), row(1)])).toEqual([[80], [180], [1]]);
  });

  it('takes the last row along when the totals do not fit', () => {
    expect(heights([row(30), row(30, { keepWithNext: true }), row(40)])).toEqual([[30], [30, 40]]);
  });

  it('gives a page of notes the room of the table header', () => {
    const pages = paginate([row(80), row(200, { section: 'notes' })], room);
    expect(pages.map((page) => page.beginsInTable)).toEqual([true, false]);
  });

  it('lets go what is kept together but higher than a page', () => {
    expect(heights([row(150, { keepWithNext: true }), row(150)])).toEqual([[], [150], [150]]);
  });

  const blocks = fc.array(
    fc.record({
      height: fc.integer({ min: 1, max: 80 }),
      section: fc.constantFrom('table' as const, 'notes' as const),
      keepWithNext: fc.boolean(),
    }),
    { maxLength: 60 },
  );

  it('keeps the order, overflows no page, and parts nothing that fits a page together', () => {
    fc.assert(
      fc.property(blocks, (given) => {
        const pages = paginate(given, room);
        expect(pages.flatMap((page) => page.blocks)).toEqual(given);
        for (const [index, page] of pages.entries()) {
          const header = page.beginsInTable ? room.tableHeader : 0;
          const used = page.blocks.reduce((sum, block) => sum + block.height, header);
          expect(used).toBeLessThanOrEqual(index === 0 ? room.first : room.next);
          const last = page.blocks.at(-1);
          if (index === pages.length - 1 || !last?.keepWithNext) continue;
          // Only a chain that is higher than a page may be cut.
          expect(chainHeight(given, given.indexOf(last))).toBeGreaterThan(room.next - room.tableHeader);
        }
      }),
    );
  });
});

/** How high the chain of kept blocks around one of them is. */
function chainHeight(blocks: readonly Block[], index: number): number {
  let from = index;
  while (blocks[from - 1]?.keepWithNext) from -= 1;
  let sum = 0;
  for (let at = from; at < blocks.length; at++) {
    sum += blocks[at]?.height ?? 0;
    if (!blocks[at]?.keepWithNext) break;
  }
  return sum;
}
