import { setTimeout as sleep } from 'node:timers/promises';

import type { Config } from '../../platform/config/config.schema.js';
import { ProblemError } from '../../platform/errors/define-error.js';
import { checkoutSessionNotOpen } from '../checkout-sessions/checkout-sessions.errors.js';
import { invoiceNotOpen, invoicePaymentInFlight } from '../invoices/invoices.errors.js';
import { beginCheckout } from '../payments/begin-checkout.js';
import type { PaymentProviders } from '../payments/providers/payment-providers.js';
import type { ProviderAccounts } from '../payments/providers/provider-accounts.js';
import { isPayable, offeredWays } from './offered-ways.js';
import { pageAfter } from './page-after.js';
import type { RefusedForm } from './pages/ways-to-pay.js';
import { type PayChoice, type PayForm, readPayForm } from './pay-form.js';
import { readHostedInvoice } from './read-hosted-invoice.js';
import type { Visit } from './visits.js';

/** The first of two clicks may still be with the provider when the second comes. */
const PATIENCE_MS = 6_000;
const LOOK_EVERY_MS = 300;

/** What beginning a payment works with. */
export interface PayDeps {
  readonly accounts: ProviderAccounts;
  readonly providers: PaymentProviders;
  readonly config: Pick<Config, 'publicUrl' | 'providerUrls'>;
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
    return { kind: 'go', to: await whereItStands(visit, deps, hosted.invoice.id) };
  }
}

async function begin(
  visit: Visit,
  { providers, config }: PayDeps,
  { invoiceId, choice }: { invoiceId: string; choice: PayChoice },
): Promise<NextStep> {
  const { ctx, page, path } = visit;
  const payment = await beginCheckout(ctx, providers, {
    ...choice,
    invoiceId,
    checkoutSessionId: page.kind === 'checkout' ? page.id : null,
    returnUrl: `${config.publicUrl}${path}/return`,
  });
  return { kind: 'go', to: pageAfter(payment, path, config) };
}

/** Somebody else, or this very form a moment ago, was there first. */
function isOvertaken(error: unknown): boolean {
  if (!(error instanceof ProblemError)) return false;
  const { code } = error.definition;
  return [invoiceNotOpen, invoicePaymentInFlight, checkoutSessionNotOpen].some(
    (known) => known.code === code,
  );
}

/** Where a payment that was begun before leads; its provider may be about to say. */
async function whereItStands({ ctx, path }: Visit, { config }: PayDeps, invoiceId: string): Promise<string> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const open = await ctx.db.payment.findFirst({
      where: { invoiceId, status: { in: ['created', 'pending'] } },
      orderBy: { attempt: 'desc' },
    });
    if (open === null) return path;
    if (open.status !== 'created' || performance.now() > until) return pageAfter(open, path, config);
    await sleep(LOOK_EVERY_MS);
  }
}
