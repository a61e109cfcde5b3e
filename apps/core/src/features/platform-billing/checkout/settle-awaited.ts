import type { Subscription } from '@nova/prisma-tenant';

import { ProblemError } from '../../../platform/errors/define-error.js';
import type { TenantContext } from '../../../tenancy/tenant-context.js';
import { joinedContext } from '../../idempotency/joined-context.js';
import { invoicePaymentInFlight } from '../../invoices/invoices.errors.js';
import type { PaymentProviders } from '../../payments/providers/payment-providers.js';
import { lockSubscription } from '../../subscriptions/subscriptions.repository.js';
import { type AwaitedPlan, isPayable, listAwaited } from './awaited-plan.js';
import { beginAwaited } from './begin-awaited.js';
import { dropAwaited } from './drop-awaited.js';
import { endAttempts } from './end-attempts.js';

/** More than ever wait at once; what is left is looked at after the next change of the books. */
const MOST = 1_000;

/**
 * Looks after plans that wait to be paid: those whose first invoice is paid begin, and those whose session is over are
 * taken back. May run at any time, twice, and twice at once; one that cannot be settled does not keep the others waiting.
 */
export async function settleAwaited(books: TenantContext, providers: PaymentProviders): Promise<void> {
  for (const waiting of await listAwaited(books.db, MOST)) {
    try {
      await settleOne(books, providers, waiting);
    } catch (error) {
      const { id } = waiting.subscription;
      // Money is on its way: what becomes of it is another change of the books.
      if (error instanceof ProblemError && error.definition.code === invoicePaymentInFlight.code) continue;
      books.log.error({ err: error, subscriptionId: id }, 'A plan that waits to be paid cannot be settled.');
    }
  }
}

async function settleOne(
  books: TenantContext,
  providers: PaymentProviders,
  waiting: AwaitedPlan,
): Promise<void> {
  if (waiting.invoice.status === 'paid') return begin(books, waiting);
  const isWanted = waiting.subscription.status === 'scheduled' && waiting.invoice.status === 'open';
  if (isWanted && isPayable(waiting, books.clock.now())) return;
  await endAttempts(books, providers, waiting.invoice.id);
  await drop(books, waiting);
}

function begin(books: TenantContext, { subscription }: AwaitedPlan): Promise<void> {
  return withTheRow(books, subscription, (joined, tx, held) => beginAwaited(joined, tx, held));
}

async function drop(books: TenantContext, waiting: AwaitedPlan): Promise<void> {
  await withTheRow(books, waiting.subscription, async (joined, tx, subscription) => {
    const invoice = await tx.db.invoice.findUniqueOrThrow({ where: { id: waiting.invoice.id } });
    // Paid at the last moment: the next look lets it begin.
    if (invoice.status === 'paid') return;
    await dropAwaited(joined, tx, { ...waiting, subscription, invoice });
  });
}

type InTransaction = Parameters<TenantContext['transaction']>[0];
type Work = (joined: TenantContext, tx: Parameters<InTransaction>[0], held: Subscription) => Promise<void>;

/** With the customer's and the subscription's rows held; nothing is done when another has settled it meanwhile. */
async function withTheRow(books: TenantContext, { id }: Subscription, work: Work): Promise<void> {
  await books.transaction(async (tx) => {
    const held = await lockSubscription(tx.db, id);
    if (held.awaitsInvoiceId !== null) await work(joinedContext(books, tx), tx, held);
  });
}
