import PDFDocument from 'pdfkit';

import { documentFonts } from './document-fonts.js';
import { drawFirstPageHeader } from './first-page-header.js';
import type { InvoiceDocument } from './invoice-document.js';
import { columnsOf, drawTableHeader, TABLE_HEADER_HEIGHT, tableBlocks } from './line-table.js';
import { CONTINUATION_TOP, drawContinuationHeader, drawPageFrame, titleOf } from './page-furniture.js';
import { paginate } from './paginate.js';
import { createPen, PAGE, type Pdf } from './pen.js';
import { drawWatermark } from './status-mark.js';
import { scriptsOf } from './text-runs.js';
import { noteBlocks } from './notes.js';
import { totalsBlock } from './totals.js';

/** Draws a document with its fonts embedded. Others call `renderInvoicePdf`, which loads this when it is needed. */
export async function drawInvoicePdf(document: InvoiceDocument): Promise<Buffer> {
  const fonts = await documentFonts(scriptsOf(textsOf(document)));
  const pdf = createPdf(document);
  const finished = collect(pdf);
  const pen = createPen(pdf, fonts);

  pdf.addPage();
  drawWatermark(pen, document);
  const contentTop = drawFirstPageHeader(pen, document);
  const columns = columnsOf(pen, document);
  const hasTable = document.kind !== 'receipt';
  const blocks = [
    ...(hasTable ? tableBlocks(pen, document, columns) : []),
    totalsBlock(pen, document),
    ...noteBlocks(pen, document),
  ];
  const pages = paginate(blocks, {
    first: PAGE.bottom - contentTop,
    next: PAGE.bottom - CONTINUATION_TOP,
    tableHeader: hasTable ? TABLE_HEADER_HEIGHT : 0,
  });

  for (const [index, page] of pages.entries()) {
    let y = index === 0 ? contentTop : CONTINUATION_TOP;
    if (index > 0) {
      pdf.addPage();
      drawWatermark(pen, document);
      drawContinuationHeader(pen, document);
    }
    drawPageFrame(pen, document, { number: index + 1, of: pages.length });
    if (hasTable && page.beginsInTable && page.blocks.length > 0) {
      drawTableHeader(pen, columns, y);
      y += TABLE_HEADER_HEIGHT;
    }
    for (const block of page.blocks) {
      block.draw(y);
      y += block.height;
    }
  }
  pdf.end();
  return finished;
}

/** All that somebody has written. */
function* textsOf({ seller, buyer, lines, ...document }: InvoiceDocument): Generator<string> {
  const { memo, footer, howToPay, purchaseOrder } = document;
  yield [memo, footer, howToPay, purchaseOrder].join('\n');
  for (const { label } of [...document.discounts, ...document.settled]) yield label;
  for (const { name } of document.taxes) yield name;
  yield document.notices.join('\n');
  for (const { name, address } of [seller, buyer]) yield [name, ...Object.values(address ?? {})].join('\n');
  for (const { description, unit } of lines) yield `${description}\n${unit ?? ''}`;
}

function createPdf(document: InvoiceDocument): Pdf {
  return new PDFDocument({
    size: [PAGE.width, PAGE.height],
    margin: 0,
    autoFirstPage: false,
    pdfVersion: '1.7',
    lang: 'en',
    displayTitle: true,
    info: {
      Title: titleOf(document),
      Author: document.seller.name,
      Creator: 'NovaBilling',
      Producer: 'NovaBilling',
      // The moment of rendering would make two copies of one document differ.
      CreationDate: document.issuedAt ?? document.createdAt,
    },
  });
}

function collect(pdf: Pdf): Promise<Buffer> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    pdf.on('error', reject);
  });
}
