import { createHash } from 'node:crypto';

const LENGTH = 24;

/**
 * What says in the address of a push's callback which attempt it is of: a push whose answer was lost has no other name. In
 * hexadecimal, which spells none of the words that Safaricom forbids in addresses.
 */
export function attemptDigest(reference: string): string {
  return createHash('sha256').update(reference).digest('hex').slice(0, LENGTH);
}
