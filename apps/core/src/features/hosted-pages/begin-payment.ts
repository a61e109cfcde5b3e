import { ProblemError } from '../../platform/errors/define-error.js';
import { checkoutSessionNotOpen } from '../checkout-sessions/checkout-sessions.errors.js';
import { invoiceNotOpen, invoicePaymentInFlight } from '../invoices/invoices.errors.js';
import { beginCheckout } from '../payments/begin-checkout.js';
import type { PaymentProviders } from '../payments/providers/payment-providers.js';
import type { ProviderAccounts } from '../payments/providers/provider-accounts.js';
import { isPayable, offeredWays } from './offered-ways.js';
import type { RefusedForm } from './pages/ways-to-pay.js';
import { type PayChoice, type PayForm, readPayForm } from './pay-form.js';
import { readHostedInvoice } from './read-hosted-invoice.js';
import type { Visit } from './visits.js';

/** What beginning a payment works with. */
export interface PayDeps {
  readonly accounts: ProviderAccounts;
  readonly providers: PaymentProviders;
  /** The address of a page as the outside knows it: providers send customers back there. */
  readonly urlOf: (visit: Visit) => string;
}

/** Where the payer goes next. */
export type NextStep =
  { readonly kind: 'go'; readonly to: string } | { readonly kind: 'refused'; readonly form: RefusedForm };

/**
 * Begins the payment that a form asks for. Sent twice, in two tabs or after going back it comes to the same one: who has a
 * payment under way is shown that, and who has paid is shown so.
 * @throws not_found
 */
export async function beginPayment(visit: Visit, deps: PayDeps, form: PayForm): Promise<NextStep> {
  const { ctx, path } = visit;
  const hosted = await readHostedInvoice(visit);
  if (!isPayable(ctx, hosted)) return { kind: 'go', to: path };
  const read = readPayForm(form, await offeredWays(ctx, deps.accounts, hosted));
  if ('refused' in read) return { kind: 'refused', form: read.refused };
  try {
    return await begin(visit, deps, { invoiceId: hosted.invoice.id, choice: read.choice });
  } catch (error) {
    if (!isOvertaken(error)) throw error;
    return { kind: 'go', to: await whereItStands(visit, hosted.invoice.id) };
  }
}

async function begin(
  visit: Visit,
  { providers, urlOf }: PayDeps,
  { invoiceId, choice }: { invoiceId: string; choice: PayChoice },
): Promise<NextStep> {
  const { ctx, page, path } = visit;
  const payment = await beginCheckout(ctx, providers, {
    ...choice,
    invoiceId,
    checkoutSessionId: page.kind === 'checkout' ? page.id : null,
    returnUrl: `${urlOf(visit)}/return`,
  });
  const waits = payment.status === 'created' || payment.status === 'pending';
  if (waits && payment.actionUrl !== null) return { kind: 'go', to: payment.actionUrl };
  return { kind: 'go', to: `${path}/payments/${payment.id}` };
}

/** Somebody else, or this very form a moment ago, was there first. */
function isOvertaken(error: unknown): boolean {
  if (!(error instanceof ProblemError)) return false;
  const { code } = error.definition;
  return [invoiceNotOpen, invoicePaymentInFlight, checkoutSessionNotOpen].some(
    (known) => known.code === code,
  );
}

async function whereItStands({ ctx, path }: Visit, invoiceId: string): Promise<string> {
  const open = await ctx.db.payment.findFirst({
    where: { invoiceId, status: { in: ['created', 'pending'] } },
    orderBy: { attempt: 'desc' },
  });
  return open ? `${path}/payments/${open.id}` : path;
}
