/** A strip of the document that is never cut. */
export interface Block {
  readonly height: number;
  /** Blocks of the table bring its header along to a new page. */
  readonly section: 'table' | 'notes';
  /** Whether the next block has to be on the same page, as totals with the last line. */
  readonly keepWithNext: boolean;
}

export interface PageRoom {
  readonly first: number;
  readonly next: number;
  /** What the repeated table header takes of a page that begins inside the table. */
  readonly tableHeader: number;
}

export interface PageOfBlocks<B extends Block> {
  readonly blocks: readonly B[];
  readonly beginsInTable: boolean;
}

/** Spreads blocks over pages. Always gives at least one page; blocks that belong together stay so while they fit a page. */
export function paginate<B extends Block>(blocks: readonly B[], room: PageRoom): PageOfBlocks<B>[] {
  const pages: { blocks: B[]; beginsInTable: boolean; left: number }[] = [
    { blocks: [], beginsInTable: true, left: room.first - room.tableHeader },
  ];
  for (const chunk of chunksOf(blocks, room.next - room.tableHeader)) {
    const height = heightOf(chunk);
    let page = pages.at(-1);
    if (!page || (height > page.left && (page.blocks.length > 0 || pages.length === 1))) {
      const beginsInTable = chunk[0]?.section === 'table';
      page = { blocks: [], beginsInTable, left: room.next - (beginsInTable ? room.tableHeader : 0) };
      pages.push(page);
    }
    page.blocks.push(...chunk);
    page.left -= height;
  }
  return pages.map(({ blocks: placed, beginsInTable }) => ({ blocks: placed, beginsInTable }));
}

/** Groups of blocks that stay together. A group higher than a page is let go into its blocks. */
function chunksOf<B extends Block>(blocks: readonly B[], pageHeight: number): B[][] {
  const chunks: B[][] = [];
  let chunk: B[] = [];
  for (const block of blocks) {
    chunk.push(block);
    if (block.keepWithNext) continue;
    chunks.push(chunk);
    chunk = [];
  }
  if (chunk.length > 0) chunks.push(chunk);
  return chunks.flatMap((group) => (heightOf(group) <= pageHeight ? [group] : group.map((block) => [block])));
}

function heightOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + block.height, 0);
}
