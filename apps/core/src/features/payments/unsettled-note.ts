import type { Invoice } from '@nova/prisma-tenant';

/** How the note of a payment ends that came when its invoice could not take it. Verifying the books goes by it. */
export const SETTLES_NOTHING = 'it settles nothing and has to be given back.';

/** What a person reads on such a payment. */
export function unsettledNote({ status }: Pick<Invoice, 'status'>): string {
  return `The invoice was ${status} when this money came: ${SETTLES_NOTHING}`;
}
