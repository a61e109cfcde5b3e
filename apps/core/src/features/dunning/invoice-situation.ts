import type { DunningEntry, DunningRun, Invoice, Payment, PaymentMethod } from '@nova/prisma-tenant';

import type { ChargeSituation } from '../../domain/dunning/charge-decision.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { chooseMethod } from '../payments/choose-method.js';
import type { PaymentProviders } from '../payments/providers/payment-providers.js';

/** What a step goes by. All of it is held by this transaction, through its invoice. */
export interface InvoiceSituation {
  readonly run: DunningRun;
  readonly invoice: Invoice;
  /** What of the present step is done already. */
  readonly done: readonly DunningEntry[];
  /** The attempt at the invoice that has not ended. */
  readonly inFlight: Payment | null;
  readonly method: PaymentMethod | null;
  readonly charge: ChargeSituation;
}

/** Reads what is known of an invoice that is being dunned, for the step that is next. */
export async function readSituation(
  ctx: TenantContext,
  tx: TenantTransaction,
  accounts: Pick<PaymentProviders, 'usable'>,
  { run, invoice }: Pick<InvoiceSituation, 'run' | 'invoice'>,
): Promise<InvoiceSituation> {
  const { db } = tx;
  const done = await db.dunningEntry.findMany({ where: { runId: run.id, step: run.nextStep } });
  const payments = await db.payment.findMany({
    where: { invoiceId: invoice.id },
    orderBy: { attempt: 'desc' },
  });
  const method = await chooseMethod(ctx, tx, accounts, { invoice, amount: invoice.amountDue });
  const inFlight = payments.find(({ status }) => status === 'created' || status === 'pending') ?? null;
  const awaitedId = done.find(({ kind }) => kind === 'payment_awaited')?.paymentId ?? null;
  const awaited = payments.find(({ id }) => id === awaitedId) ?? null;
  const isRefused = payments.some(
    ({ paymentMethodId, retryable }) => retryable === false && paymentMethodId === method?.id,
  );
  const parked = await db.unmatchedPayment.findFirst({
    where: { invoiceId: invoice.id, status: 'open' },
    select: { id: true },
  });
  return {
    run,
    invoice,
    done,
    inFlight,
    method,
    charge: {
      collection: invoice.collectionMethod === 'send_invoice' ? 'send_invoice' : 'charge_automatically',
      inFlight: whoMakes(inFlight),
      method: method ? (isRefused ? 'refused_for_good' : 'usable') : 'none',
      awaited: whoMakes(awaited),
      parked: parked ? 'some' : 'none',
    },
  };
}

/** A saved method is charged without its owner; all other payments somebody makes himself. */
function whoMakes(payment: Payment | null): ChargeSituation['inFlight'] {
  if (!payment) return 'none';
  return payment.paymentMethodId === null ? 'needs_customer' : 'unattended';
}
