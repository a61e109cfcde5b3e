import { execFileSync, spawnSync } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import { CURRENCIES } from '../../../domain/money/currencies.js';
import { documentFonts } from './document-fonts.js';
import type { InvoiceDocument } from './invoice-document.js';
import { renderInvoicePdf } from './render-invoice-pdf.js';
import { sampleDocument, sampleLine } from './sample-document.js';

function eightyLines(): InvoiceDocument {
  const lines = Array.from({ length: 80 }, (_, index) =>
    sampleLine({
      description: `Item ${index + 1}${index % 7 === 0 ? ' with a description that is long enough for three lines of its column'.repeat(2) : ''}`,
      quantity: String(index + 1),
      unitAmount: '12550',
      period: ['2026-01-30T23:00:00Z', '2026-02-27T23:00:00Z'],
    }),
  );
  return sampleDocument({ lines });
}

function taxedDocument(): InvoiceDocument {
  const lines = [
    {
      ...sampleLine({ description: 'Seats', quantity: '12', unit: 'seats', tax: '7.5%' }),
      amount: 8_714_600n,
    },
    sampleLine({
      description: 'Calls',
      unitAmount: '0',
      details: ['Tier 1 (above 0 to 10): 10 × ₦5.00 = ₦50.00'],
    }),
  ];
  return sampleDocument({
    title: 'Tax Invoice',
    purchaseOrder: 'PO-4711',
    lines,
    subtotal: 8_714_600n,
    discounts: [{ label: 'Welcome', amount: 871_460n }],
    taxes: [{ name: 'VAT', rate: '7.5', base: 7_843_140n, amount: 588_236n, reason: null }],
    taxTotal: 588_236n,
    total: 8_431_376n,
    settled: [
      { label: 'Paid from wallet', amount: 100_000n },
      { label: 'Paid from account balance', amount: 0n },
    ],
    amountDue: 8_331_376n,
    paymentLink: 'https://pay.example.com/INV-000014',
    fiscal: { number: 'IRN-1', signature: 'abc', qr: 'IRN-1' },
  });
}

function pageCount(pdf: Buffer): number {
  return pdf.toString('latin1').match(/\/Type \/Page\b(?!s)/g)?.length ?? 0;
}

describe('the embedded fonts', () => {
  it('have a glyph for every currency symbol and for Yorùbá, Twi, Hausa and French letters', async () => {
    const symbols = Object.values(CURRENCIES).map((currency) => currency.symbol);
    const letters = 'ẸẹỌọṢṣÀàÁáÈèÉéÌìÍíÒòÓóÙùÚúŃńǸǹ\u0300\u0301\u0323 ƐɛƆɔŊŋ ƁɓƊɗƘƙƳƴ ÇçŒœÊêËëÎîÔôÛû –−…’';
    const wanted = new Set(Array.from(`${symbols.join('')}${letters}₦₵`));
    for (const font of Object.values((await documentFonts()).latin)) {
      const missing = [...wanted].filter((letter) => !font.hasGlyphForCodePoint(letter.codePointAt(0) ?? 0));
      expect(missing).toEqual([]);
    }
  });
});

describe('renderInvoicePdf', () => {
  it('makes the same bytes of the same document', async () => {
    const [first, second] = [
      await renderInvoicePdf(sampleDocument()),
      await renderInvoicePdf(sampleDocument()),
    ];
    expect(first.equals(second)).toBe(true);
    expect(first.subarray(0, 8).toString('latin1')).toBe('%PDF-1.7');
    expect(first.toString('latin1')).toContain('(D:20260130230000Z)');
  });

  it('fits a usual invoice on one page, and in few bytes', async () => {
    const pdf = await renderInvoicePdf(sampleDocument());
    expect(pageCount(pdf)).toBe(1);
    expect(pdf.length).toBeLessThan(60_000);
  });

  it('spreads 80 lines over pages', async () => {
    expect(pageCount(await renderInvoicePdf(eightyLines()))).toBe(6);
  });

  it.each([
    ['a draft of nothing', { status: 'draft', number: null, issuedAt: null, dueAt: null, lines: [] }],
    ['names without end', { seller: { ...sampleDocument().seller, name: 'Añejo'.repeat(60) } }],
    ['a memo of pages', { memo: 'All that there is to say. '.repeat(600) }],
    ['a description of pages', { lines: [sampleLine({ description: 'word '.repeat(2_000) })] }],
    [
      'the largest numbers',
      { lines: [sampleLine({ description: 'All', quantity: '9'.repeat(20), unitAmount: '9'.repeat(20) })] },
    ],
    ['letters that the font does not have', { memo: '發票 🧾 فاتورة' }],
  ] satisfies [string, Partial<InvoiceDocument>][])('renders %s', async (_, changes) => {
    expect(pageCount(await renderInvoicePdf(sampleDocument(changes)))).toBeGreaterThan(0);
  });
});

const hasPdftotext = spawnSync('pdftotext', ['-v']).error === undefined;
if (!hasPdftotext)
  console.warn('The text of PDFs is not read back: pdftotext (poppler-utils) is not installed.');

function textOf(pdf: Buffer, ...options: string[]): string {
  return execFileSync('pdftotext', [...options, '-', '-'], { input: pdf, encoding: 'utf8' });
}

interface Word {
  page: number;
  text: string;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function wordsOf(pdf: Buffer): Word[] {
  const pages = textOf(pdf, '-bbox').split('<page ').slice(1);
  return pages.flatMap((html, page) =>
    [...html.matchAll(/xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</g)].map((match) => {
      const [left = 0, top = 0, right = 0, bottom = 0] = match.slice(1, 5).map(Number);
      return { page, text: match[5] ?? '', left, top, right, bottom };
    }),
  );
}

function overlaps(a: Word, b: Word): boolean {
  const slack = 0.5;
  return (
    a.page === b.page &&
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > slack &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > slack
  );
}

describe.skipIf(!hasPdftotext)('the text of the PDF', () => {
  it('can be searched and copied: names, marks, amounts and periods', async () => {
    const text = textOf(await renderInvoicePdf(sampleDocument()));
    for (const part of [
      'Adébáyọ̀ Cloud Services Ltd',
      'Ọlátúndé & Ẹbí Logistics',
      '7 Ọ̀yọ́ Road',
      'INV-000014',
      '31 January 2026',
      '14 February 2026',
      '31 January – 27 February 2026',
      '₦45,000.00',
      '18,250',
      '₦0.008',
      '₦87,146.00',
      'Page 1 of 1',
    ]) {
      expect(text.normalize('NFC')).toContain(part.normalize('NFC'));
    }
    expect(text).not.toMatch(/PAID|VOID|DRAFT|COPY/);
  });

  it.each([
    ['GHS', 'GH₵87,146.00'],
    ['KES', 'KSh 87,146.00'],
    ['UGX', 'USh 8,714,600'],
  ])('prints amounts of %s as %s', async (currency, amount) => {
    expect(textOf(await renderInvoicePdf(sampleDocument({ currency })))).toContain(amount);
  });

  it.each([
    [
      { status: 'paid' },
      ['PAID', 'Date paid', '2 February 2026', 'Paid in full', 'Amount paid', '-₦87,146.00', '₦0.00'],
    ],
    [{ status: 'void' }, ['VOID', 'Date voided', '3 February 2026', 'Nothing is to be paid on it']],
    [{ status: 'draft', number: null, issuedAt: null }, ['DRAFT', 'not a request for payment']],
    [{ edition: 'copy' }, ['COPY', 'Amount due']],
  ] satisfies [Partial<InvoiceDocument>, string[]][])(
    'says what the status is: %j',
    async (changes, parts) => {
      const text = textOf(await renderInvoicePdf(sampleDocument(changes)));
      for (const part of parts) expect(text).toContain(part);
      if ('status' in changes) expect(text).not.toContain('How to pay');
    },
  );

  it('shows discounts, taxes by rate, what has settled it, and how to pay', async () => {
    const text = textOf(await renderInvoicePdf(taxedDocument()), '-layout');
    for (const part of [
      /Tax Invoice/,
      /TIN 12345678-0001/,
      /Purchase order/,
      /PO-4711/,
      /Discount: Welcome +-₦8,714\.60/,
      /Total before tax +₦78,431\.40/,
      /VAT 7\.5% +₦5,882\.36/,
      /Paid from wallet +-₦1,000\.00/,
      /Amount due +₦83,313\.76/,
      /VAT 7\.5% +₦78,431\.40 +₦5,882\.36/,
      /Tier 1 \(above 0 to 10\): 10 × ₦5\.00/,
      /12 seats/,
      /https:\/\/pay\.example\.com\/INV-000014/,
      /Fiscal number IRN-1/,
    ]) {
      expect(text).toMatch(part);
    }
    expect(text).not.toContain('Paid from account balance');
  });

  it('is a credit note that names its invoice', async () => {
    const text = textOf(
      await renderInvoicePdf(
        sampleDocument({
          kind: 'credit_note',
          title: 'Credit Note',
          number: 'CN-000001',
          refersTo: { number: 'INV-000014', issuedAt: null },
          settled: [{ label: 'To the account balance', amount: 8_714_600n }],
          howToPay: null,
        }),
      ),
      '-layout',
    );
    expect(text).toMatch(/Credit Note[^]*CN-000001[^]*For invoice[^]*INV-000014[^]*Credited to/);
    expect(text).toMatch(/Total credited +₦87,146\.00\s+To the account balance +₦87,146\.00/);
    expect(text).not.toMatch(/Amount due|How to pay/);
  });

  it('writes Arabic and Amharic with fonts of their own', async () => {
    const buyer = { ...sampleDocument().buyer, name: 'شركة النيل للتجارة' };
    const pdf = await renderInvoicePdf(sampleDocument({ buyer, memo: 'አዲስ አበባ' }));
    const fonts = pdf.toString('latin1');
    expect(fonts).toContain('NotoSansArabic');
    expect(fonts).toContain('NotoSansEthiopic');
    expect(textOf(pdf)).toContain('አዲስ አበባ');
  });

  it('repeats the table header, counts the pages, and keeps the totals with a line', async () => {
    const pages = textOf(await renderInvoicePdf(eightyLines()), '-layout')
      .split('\f')
      .slice(0, -1);
    expect(pages).toHaveLength(6);
    for (const [index, page] of pages.entries()) {
      expect(page).toMatch(/Description +Qty +Unit price +Amount/);
      expect(page).toContain(`Page ${index + 1} of 6`);
      expect(page).toContain('INV-000014');
    }
    expect(pages.at(-1)).toMatch(/Item 80[^]*Subtotal[^]*Amount due/);
    expect(pages.join('').match(/Item \d+/g)).toHaveLength(80);
  });

  it('prints nothing over anything else, and nothing outside the page', async () => {
    const plain = {
      seller: { ...sampleDocument().seller, name: 'Pan-African Consolidated Holdings '.repeat(6) },
    };
    const documents = [
      eightyLines(),
      taxedDocument(),
      sampleDocument({ status: 'paid', edition: 'copy' }),
      sampleDocument(plain),
    ];
    for (const document of documents) {
      // Words with marks are left out: where they are is told by their letters, which are drawn apart.
      const words = wordsOf(await renderInvoicePdf(document)).filter(
        (word) => !/\p{M}/u.test(word.text.normalize('NFC')),
      );
      expect(words.length).toBeGreaterThan(50);
      for (const [index, word] of words.entries()) {
        expect(word.left > 40 && word.right < 556 && word.bottom < 820).toBe(true);
        const clash = words.slice(index + 1).find((other) => overlaps(word, other));
        expect(clash && [word, clash]).toBeUndefined();
      }
    }
  });
});
