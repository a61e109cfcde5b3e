import { failureWords, isMoneyHeld } from './failure-words.js';
import { html, type Html, safeHref } from './html.js';
import type { Page, PageOwner } from './shell.js';

/** How a payment stands before its payer. */
export type PaymentState = 'asking' | 'on_phone' | 'at_provider' | 'pending' | 'succeeded' | 'failed';

export interface PaymentPageView {
  readonly owner: PageOwner;
  readonly isTest: boolean;
  readonly state: PaymentState;
  readonly number: string;
  /** As it is printed. */
  readonly amount: string;
  /** What the company is called that moves the money. */
  readonly provider: string;
  readonly failureCode: string | null;
  /** Where the payer has something to do first. */
  readonly actionUrl: string | null;
  readonly invoiceHref: string;
  readonly receiptHref: string;
  /** Where a checkout's customer goes on to, once it is paid. */
  readonly onward: string | null;
  /** How long ago it began, in seconds of real time. */
  readonly ageSeconds: number;
}

/** Nobody answers a phone after so long. */
const LONG_WAIT_SECONDS = 90;

/** What was not answered for so long may be begun anew; `wayPast` ends it then. */
const GIVEN_UP_SECONDS = 125;

/** The page of a payment: what to do now, whether it was made, and if not, why. */
export function paymentPage(view: PaymentPageView): Page {
  const { owner, isTest, state, number, ageSeconds } = view;
  const ended = state === 'succeeded' || state === 'failed';
  return {
    title: `${TITLES[state]} – invoice ${number}`,
    owner,
    isTest,
    layout: 'narrow',
    body: html`<section class="card stack" aria-live="polite">${BODIES[state](view)}</section>`,
    state,
    ...(ended ? {} : { refreshSeconds: refreshAfter(ageSeconds) }),
  };
}

/** Often while somebody holds the phone, seldom when the page was left open. */
function refreshAfter(ageSeconds: number): number {
  if (ageSeconds < 120) return 4;
  return ageSeconds < 900 ? 15 : 60;
}

const TITLES: Readonly<Record<PaymentState, string>> = {
  asking: 'Sending the payment',
  on_phone: 'Check your phone',
  at_provider: 'Not paid yet',
  pending: 'Payment under way',
  succeeded: 'Paid',
  failed: 'Not paid',
};

const BODIES: Readonly<Record<PaymentState, (view: PaymentPageView) => Html>> = {
  asking: (view) =>
    html`<div class="turning"></div>
      <h1>Sending the payment to ${view.provider}</h1>
      ${askingWords(view)} ${backTo(view.invoiceHref)}`,
  on_phone: (view) =>
    html`<div class="turning"></div>
      <h1>Check your phone</h1>
      <p>
        ${view.owner.name} asks for <strong>${view.amount}</strong> for invoice
        <span class="nowrap">${view.number}</span>.
      </p>
      <ol class="steps">
        <li>Unlock the phone whose number you gave.</li>
        <li>Enter your ${view.provider} PIN on the request that shows.</li>
        <li>Come back to this page. It changes by itself.</li>
      </ol>
      <p class="soft">Waiting for your answer…</p>
      ${view.ageSeconds > LONG_WAIT_SECONDS && longWait(view)} ${backTo(view.invoiceHref)}`,
  at_provider: ({ provider, amount, actionUrl, invoiceHref }) =>
    html`<h1>Not paid yet</h1>
      <p>
        The ${amount} have not been paid at ${provider} so far. If you have just paid, stay here: this page
        changes by itself.
      </p>
      ${actionUrl && safeHref(actionUrl) && html`<p><a class="button" href="${actionUrl}">Go on at ${provider}</a></p>`}
      <p><a class="button plain" href="${invoiceHref}">Pay another way</a></p>`,
  pending: ({ provider, amount, invoiceHref }) =>
    html`<div class="turning"></div>
      <h1>Payment under way</h1>
      <p>
        ${provider} is working on the payment of ${amount}. Some take a minute, those by bank up to a few
        days. You may close this page: the receipt comes by e-mail.
      </p>
      ${backTo(invoiceHref)}`,
  succeeded: ({ amount, number, owner, receiptHref, invoiceHref, onward }) =>
    html`<p class="pill good">Paid</p>
      <h1>Thank you. ${amount} were paid.</h1>
      <p>${owner.name} has received your payment for invoice ${number}.</p>
      ${onward && safeHref(onward) && html`<p><a class="button" href="${onward}">Back to ${owner.name}</a></p>`}
      <p><a class="button plain" href="${receiptHref}">Receipt</a></p>
      ${backTo(invoiceHref)}`,
  failed: ({ failureCode, amount, invoiceHref }) =>
    html`<p class="pill bad">Not paid</p>
      <h1>The payment of ${amount} was not made</h1>
      <p role="alert">${failureWords(failureCode)}</p>
      ${
        isMoneyHeld(failureCode)
          ? backTo(invoiceHref)
          : html`<p><a class="button" href="${invoiceHref}">Try again, or pay another way</a></p>`
      }`,
};

function askingWords({ provider, ageSeconds, invoiceHref }: PaymentPageView): Html {
  if (ageSeconds < 20) return html`<p>This takes a few seconds. Please stay on this page.</p>`;
  if (ageSeconds < GIVEN_UP_SECONDS)
    return html`<p>
      ${provider} has not answered yet, so we do not know whether the payment was begun. We keep asking.
      Please do not pay a second time.
    </p>`;
  return html`<p>${provider} does not answer. Should a request show on your phone now, do not answer it.</p>
    <p><a class="button" href="${invoiceHref}">Begin again, or pay another way</a></p>`;
}

function longWait({ provider }: PaymentPageView): Html {
  return html`<p class="note">
    No request on the phone? Check that the number was right and that the phone has a signal. ${provider} lets
    the request expire after a minute or two; then you can ask again.
  </p>`;
}

function backTo(invoiceHref: string): Html {
  return html`<p><a href="${invoiceHref}">Back to the invoice</a></p>`;
}
