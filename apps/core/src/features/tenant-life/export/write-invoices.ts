import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { createHash } from 'node:crypto';

import type { TenantProfile, TenantReader } from '../../../tenancy/tenant-context.js';
import {
  buildInvoiceDocument,
  ownPaymentLink,
  readPrintable,
} from '../../invoices/build-invoice-document.js';
import { renderInvoicePdf } from '../../invoices/document/render-invoice-pdf.js';
import { pdfFileName } from '../../invoices/invoice-pdf.js';
import { writeLines, type WrittenFile } from './write-lines.js';

const BATCH = 100;

/**
 * Writes the document of every invoice that was issued to `invoices/`, and beside them `invoices.ndjson`, which says
 * which is which. Drafts are no documents; they are in their table.
 */
export async function writeInvoices(
  folder: string,
  tenant: TenantProfile,
  db: TenantReader,
): Promise<WrittenFile> {
  await mkdir(path.join(folder, 'invoices'), { mode: 0o700 });
  return writeLines(path.join(folder, 'invoices.ndjson'), writeEach(folder, tenant, db));
}

async function* writeEach(folder: string, tenant: TenantProfile, db: TenantReader): AsyncGenerator<string> {
  for (let after = ''; ;) {
    const batch = await db.invoice.findMany({
      where: { id: { gt: after }, number: { not: null } },
      orderBy: { id: 'asc' },
      take: BATCH,
      select: { id: true, number: true },
    });
    for (const invoice of batch) yield await writeOne(folder, tenant, db, invoice);
    const last = batch.at(-1);
    if (!last) return;
    after = last.id;
  }
}

async function writeOne(
  folder: string,
  tenant: TenantProfile,
  db: TenantReader,
  invoice: { id: string; number: string | null },
): Promise<string> {
  const printable = await readPrintable(db, invoice.id);
  const document = buildInvoiceDocument({ tenant }, printable, {
    edition: 'original',
    payLink: ownPaymentLink(tenant, printable),
  });
  const bytes = await renderInvoicePdf(document);
  const file = `invoices/${pdfFileName(invoice)}`;
  await writeFile(path.join(folder, file), bytes, { flush: true, mode: 0o600 });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return JSON.stringify({ ...invoice, file, bytes: bytes.length, sha256 });
}
