const PREFIX = /^[A-Za-z0-9][A-Za-z0-9/._-]{0,19}$/;

/** What an invoice is called: `INV-000001`. Six digits, and more once a series has outgrown them. */
export function formatInvoiceNumber({
  prefix,
  sequence,
}: {
  prefix: string;
  sequence: bigint | number;
}): string {
  if (!PREFIX.test(prefix)) throw new RangeError(`"${prefix}" cannot be the prefix of invoice numbers.`);
  const position = BigInt(sequence);
  if (position < 1n) throw new RangeError('Invoice numbers start at 1.');
  return `${prefix}-${position.toString().padStart(6, '0')}`;
}
