import type { Invoice } from '@nova/prisma-tenant';

import { billOf, type NamedBill, normalBill } from '../../domain/payments/bill-reference.js';
import type { TenantReader } from '../../tenancy/tenant-context.js';

const NAMES = { id: true, number: true, externalId: true } as const;

/**
 * The id of the invoice that a payer has named by its number, our id, the tenant's own id or the reference of an attempt
 * at it; what software names, by the last alone. Case and blanks do not count. Null when none is named so, or more than one.
 */
export async function findBill(
  db: TenantReader,
  { provider, text }: { provider: string; text: string },
): Promise<string | null> {
  const wanted = normalBill(text);
  // Longer than whatever names an invoice; and what PostgreSQL or its patterns could take amiss is no name either.
  if (!/^[\x21-\x7e]{1,160}$/.test(wanted)) return null;
  const reference = wanted.toLowerCase();
  const attempt = await db.payment.findUnique({ where: { reference }, select: { invoiceId: true } });
  if (attempt) return attempt.invoiceId;
  return provider === 'mpesa' ? findByName(db, text, wanted) : null;
}

async function findByName(db: TenantReader, text: string, wanted: string): Promise<string | null> {
  const lower = wanted.toLowerCase();
  const own = [...new Set([wanted, lower, text.replaceAll(/\s+/gu, '')])];
  const exact = await db.invoice.findMany({
    where: { OR: [{ number: wanted }, { id: lower }, { externalId: { in: own } }] },
    select: NAMES,
  });
  if (exact.length > 0) return billOf(text, exact.map(namedBill))?.id ?? null;
  // The tenant's own ids may be in any case. Only what is issued is paid, and few look for what is not there.
  const alike = await db.invoice.findMany({
    where: { externalId: { equals: wanted, mode: 'insensitive' }, status: { not: 'draft' } },
    select: NAMES,
    take: 100,
  });
  return billOf(text, alike.map(namedBill))?.id ?? null;
}

function namedBill({ id, number, externalId }: Pick<Invoice, 'id' | 'number' | 'externalId'>): NamedBill {
  return { id, names: [id, number, externalId] };
}
