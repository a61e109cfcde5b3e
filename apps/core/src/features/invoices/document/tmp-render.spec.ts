import { writeFile } from 'node:fs/promises';
import { it } from 'vitest';
import { renderInvoicePdf } from './render-invoice-pdf.js';
import { sampleDocument, sampleLine } from './sample-document.js';
const many = (n: number, extra = '') =>
  Array.from({ length: n }, (_, i) =>
    sampleLine({
      description: `Line ${i + 1}: dedicated worker in region af-west-${(i % 3) + 1}${i % 7 === 0 ? ', with a long description that has to be wrapped on to a second and perhaps even a third line because somebody likes detail' : ''}${extra}`,
      quantity: String(((i * 37) % 400) + 1),
      unitAmount: String(12550 + i * 333),
      period: ['2026-01-30T23:00:00Z', '2026-02-27T23:00:00Z'],
    }),
  );
const long =
  'Pan-African Consolidated Infrastructure, Telecommunications and Agricultural Development Holdings (West Africa) Public Limited Company';
it('renders', async () => {
  const docs = {
    short: sampleDocument(),
    paid: sampleDocument({ status: 'paid', edition: 'copy' }),
    void: sampleDocument({ status: 'void' }),
    draft: sampleDocument({
      status: 'draft',
      number: null,
      issuedAt: null,
      dueAt: null,
      lines: [],
      howToPay: null,
    }),
    ghs: sampleDocument({
      currency: 'GHS',
      timeZone: 'Africa/Accra',
      seller: { ...sampleDocument().seller, name: long },
      buyer: {
        ...sampleDocument().buyer,
        name: long + ' Averyveryverylongwordthatcannotbebrokenbetweenwordsatallbecauseithasnospaces',
      },
    }),
    ugx: sampleDocument({
      currency: 'UGX',
      lines: [
        sampleLine({ description: 'Basic', unitAmount: '85000' }),
        sampleLine({ description: 'API calls', quantity: '1250000.5', unitAmount: '0.0125' }),
      ],
    }),
    eighty: sampleDocument({ lines: many(80), memo: 'A memo. '.repeat(200), amountPaid: 100000n }),
    huge: sampleDocument({
      lines: [
        sampleLine({
          description: 'Everything',
          quantity: '123456789012345.123456789012',
          unitAmount: '98765432109.123456789012',
        }),
        sampleLine({ description: 'x'.repeat(3000) }),
      ],
    }),
    kes: sampleDocument({
      currency: 'KES',
      status: 'paid',
      lines: many(11),
      footer: null,
      memo: null,
      howToPay: null,
    }),
  };
  for (const [name, doc] of Object.entries(docs)) {
    const t = performance.now();
    await writeFile(`/tmp/pdf/${name}.pdf`, await renderInvoicePdf(doc));
    console.log(name, Math.round(performance.now() - t), 'ms');
  }
});
