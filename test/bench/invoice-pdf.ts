import { documentFonts } from '@nova/core/features/invoices/document/document-fonts.js';
import { renderInvoicePdf } from '@nova/core/features/invoices/document/render-invoice-pdf.js';
import { sampleDocument } from '@nova/core/features/invoices/document/sample-document.js';

import { median, report } from './report.js';

/** The document of an invoice, one process, one core: fonts are opened before the clock starts, as they are once a process. */
const ROUNDS = 5;
const DOCUMENTS_PER_ROUND = 40;

async function perSecond(): Promise<{ rate: number; bytes: number }> {
  let bytes = 0;
  const start = process.cpuUsage();
  for (let index = 0; index < DOCUMENTS_PER_ROUND; index += 1) {
    const number = `INV-${String(index + 1).padStart(6, '0')}`;
    const buyer = { ...sampleDocument().buyer, name: `Ọlátúndé & Ẹbí Logistics ${index}` };
    bytes += (await renderInvoicePdf(sampleDocument({ number, buyer }))).length;
  }
  // By the time of the core, so that what else runs on the machine does not count.
  const { user, system } = process.cpuUsage(start);
  return { rate: DOCUMENTS_PER_ROUND / ((user + system) / 1_000_000), bytes: bytes / DOCUMENTS_PER_ROUND };
}

await documentFonts();
await perSecond();
const rounds = [];
for (let round = 0; round < ROUNDS; round += 1) rounds.push(await perSecond());

await report(
  'invoice-pdf',
  `Invoices of one page with three lines, each with a number and a buyer of its own, by the processor's time. Median of ${ROUNDS} rounds.`,
  [
    {
      what: 'invoice PDFs a second a core',
      value: median(rounds.map(({ rate }) => rate)).toFixed(1),
      baseline: '–',
      ratio: '–',
      aim: '≥ 20',
    },
    {
      what: 'bytes of one',
      value: Math.round(median(rounds.map(({ bytes }) => bytes))).toLocaleString('en'),
      baseline: '–',
      ratio: '–',
      aim: '–',
    },
  ],
);
