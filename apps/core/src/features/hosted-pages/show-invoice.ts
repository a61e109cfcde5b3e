import { localDate, startOfLocalDate } from '../../domain/calendar/periods.js';
import { wayPast } from '../../domain/payments/attempt-in-the-way.js';
import { providerFace } from '../../domain/payments/provider-channels.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import type { ProviderAccounts } from '../payments/providers/provider-accounts.js';
import { isPayable, offeredWays } from './offered-ways.js';
import { invoicePage, type InvoicePageView } from './pages/invoice-page.js';
import { messagePage } from './pages/message-page.js';
import { moneyText } from './pages/money-text.js';
import type { Page } from './pages/shell.js';
import type { PaySection, RefusedForm } from './pages/ways-to-pay.js';
import { amountToPay, type HostedInvoice, hasExpired, readHostedInvoice } from './read-hosted-invoice.js';
import type { Visit } from './visits.js';

/** A page, and the status that it is answered with. */
export interface ShownPage {
  readonly page: Page;
  readonly status: number;
  /** Providers whose pages a form of it may lead to. */
  readonly providers: readonly string[];
}

const GONE = 410;
const REFUSED = 422;

/** The page of an invoice or checkout, with what was wrong in the form that was sent. */
export async function showInvoice(
  visit: Visit,
  accounts: ProviderAccounts,
  refused: RefusedForm | null = null,
): Promise<ShownPage> {
  const hosted = await readHostedInvoice(visit);
  const { ctx } = visit;
  if (hasExpired(ctx, hosted.session) && hosted.invoice.status !== 'paid') return expired(ctx, hosted);
  const pay = await paySection(visit, accounts, hosted, refused);
  return {
    page: invoicePage(viewOf(visit, hosted, pay)),
    status: statusOf(hosted, refused),
    providers: pay?.ways.map(({ provider }) => provider) ?? [],
  };
}

function statusOf({ invoice }: HostedInvoice, refused: RefusedForm | null): number {
  if (refused) return REFUSED;
  return invoice.status === 'void' ? GONE : 200;
}

function expired({ mode }: TenantContext, { session, owner }: HostedInvoice): ShownPage {
  const text = `It was open for a while only. Go back to ${owner.name} and begin again.`;
  const links = session?.cancelUrl ? [{ href: session.cancelUrl, text: `Back to ${owner.name}` }] : [];
  const page = messagePage(
    { heading: 'This payment page has expired', text, links },
    { owner, isTest: mode === 'test' },
  );
  return { page, status: GONE, providers: [] };
}

async function paySection(
  visit: Visit,
  accounts: ProviderAccounts,
  hosted: HostedInvoice,
  refused: RefusedForm | null,
): Promise<PaySection | null> {
  const { ctx, path } = visit;
  if (!isPayable(ctx, hosted) || isWaitedFor(ctx, hosted)) return null;
  const { invoice, owner } = hosted;
  const { paymentInstructions } = ctx.tenant.settings;
  return {
    action: path,
    amount: moneyText(amountToPay(hosted), invoice.currency),
    seller: owner.name,
    ways: await offeredWays(ctx, accounts, hosted),
    instructions: paymentInstructions?.replaceAll('{number}', invoice.number ?? invoice.id) ?? null,
    refused,
  };
}

/** Whether a payment has to end first: one on a phone or at a bank. One that its payer has yet to make may be made another way. */
function isWaitedFor(ctx: TenantContext, { payments }: HostedInvoice): boolean {
  const open = payments.find(({ status }) => isUnderWay(status));
  if (!open) return false;
  const attempt = {
    ...open,
    status: open.status === 'pending' ? ('pending' as const) : ('created' as const),
    isAutomatic: open.paymentMethodId !== null,
    isPushed: providerFace(open.provider)?.needsPhone ?? false,
  };
  const another = { ...open, provider: 'another' };
  return ['wait', 'ask'].includes(wayPast(attempt, another, ctx.clock.now()));
}

function isUnderWay(status: string): boolean {
  return status === 'created' || status === 'pending';
}

function viewOf({ ctx, path }: Visit, hosted: HostedInvoice, pay: PaySection | null): InvoicePageView {
  const { document, owner, invoice, payments, session } = hosted;
  const open = payments.find(({ status }) => isUnderWay(status));
  const made = payments.filter(({ status }) => status === 'succeeded');
  return {
    document,
    owner,
    isTest: ctx.mode === 'test',
    isOverdue: isOverdue(ctx, hosted),
    pdfHref: `${path}/invoice.pdf`,
    pay,
    underWay: open ? { href: `${path}/payments/${open.id}`, isWaiting: open.actionUrl === null } : null,
    chargedByItself:
      invoice.isBeingCharged && invoice.status === 'open'
        ? moneyText(invoice.amountDue, invoice.currency)
        : null,
    receipts: made.map(({ id, amount, currency }) => ({
      href: `${path}/receipt/${id}`,
      amount: moneyText(amount, currency),
    })),
    back: backOf(session, owner.name),
  };
}

/** Overdue from the day after it was due, by the calendar of the seller's place. */
function isOverdue({ clock, tenant }: TenantContext, { invoice }: HostedInvoice): boolean {
  const today = startOfLocalDate(localDate(clock.now(), tenant.timeZone), tenant.timeZone);
  return invoice.status === 'open' && invoice.dueAt !== null && invoice.dueAt < today;
}

function backOf(session: HostedInvoice['session'], seller: string): InvoicePageView['back'] {
  if (session?.status === 'complete')
    return session.successUrl === null ? null : { href: session.successUrl, text: `Back to ${seller}` };
  const href = session?.cancelUrl ?? null;
  return href === null ? null : { href, text: `Back to ${seller} without paying` };
}
