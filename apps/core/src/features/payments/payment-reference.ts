/**
 * Our name of an attempt at a provider: which tenant database it is of, which invoice, and which attempt at it. A webhook
 * that comes to an address shared by all tenants finds its tenant by it. Only what every provider takes is in it: letters,
 * digits and dashes; Paystack takes no underscore.
 */
export function paymentReference(
  databaseId: string,
  { invoiceId, attempt }: { invoiceId: string; attempt: number },
): string {
  return `${withoutPrefix(databaseId)}-${withoutPrefix(invoiceId)}-${attempt}`;
}

/** Our name of a refund at a provider. */
export function refundReference(databaseId: string, refundId: string): string {
  return `${withoutPrefix(databaseId)}-${withoutPrefix(refundId)}`;
}

/** The id of the tenant database that a reference names; null for what is none of ours. */
export function databaseOfReference(reference: string): string | null {
  const named = /^([0-9a-z]{26})-[0-9a-z]{26}(-\d{1,9})?$/.exec(reference)?.[1];
  return named === undefined ? null : `tdb_${named}`;
}

function withoutPrefix(id: string): string {
  return id.slice(id.indexOf('_') + 1);
}
