import { type NamedBill, billOf, normalBill } from '../../domain/payments/bill-reference.js';
import type { TenantReader } from '../../tenancy/tenant-context.js';

const NAMES = { id: true, number: true, externalId: true } as const;

/**
 * The id of the invoice that a payer has named by its number, our id, the tenant's own id or the reference of an attempt
 * at it. Case and blanks do not count. Null when none is named so, or more than one.
 */
export async function findBill(db: TenantReader, text: string): Promise<string | null> {
  const wanted = normalBill(text);
  // Longer than whatever names an invoice; and what PostgreSQL or its patterns could take amiss is no name either.
  if (!/^[\x21-\x7e]{1,160}$/.test(wanted)) return null;
  const lower = wanted.toLowerCase();
  const [exact, attempt] = await Promise.all([
    db.invoice.findMany({
      where: {
        OR: [{ number: wanted }, { id: lower }, { externalId: { in: [wanted, lower, text.trim()] } }],
      },
      select: NAMES,
    }),
    db.payment.findUnique({ where: { reference: lower }, select: { invoiceId: true, reference: true } }),
  ]);
  const bills: NamedBill[] = exact.map(namedBill);
  if (attempt) bills.push({ id: attempt.invoiceId, names: [attempt.reference] });
  if (bills.length > 0) return billOf(text, bills)?.id ?? null;
  // The tenant's own ids may be in any case. Only what is issued is paid, and few look for what is not there.
  const alike = await db.invoice.findMany({
    where: { externalId: { equals: wanted, mode: 'insensitive' }, status: { not: 'draft' } },
    select: NAMES,
    take: 100,
  });
  return billOf(text, alike.map(namedBill))?.id ?? null;
}

function namedBill({
  id,
  number,
  externalId,
}: {
  id: string;
  number: string | null;
  externalId: string | null;
}) {
  return { id, names: [id, number, externalId] };
}
