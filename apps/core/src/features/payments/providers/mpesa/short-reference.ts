import { createHash } from 'node:crypto';

const LENGTH = 12;

/** Our reference in the twelve letters and digits that M-Pesa prints on statements and keeps as the bill's. */
export function shortReference(reference: string): string {
  const digest = createHash('sha256').update(reference).digest('hex');
  return BigInt(`0x${digest}`).toString(36).toUpperCase().slice(0, LENGTH);
}
