import { choices, page } from '../frame/page.js';
import { html, redirect, type Reply } from '../frame/reply.js';
import type { FakeRequest } from '../frame/request.js';
import { route, type Route } from '../frame/router.js';
import { fail, succeed } from './settle.js';
import type { PaystackWorld, Transaction } from './world.js';

/** The page that the customer pays on. */
function show(world: PaystackWorld, request: FakeRequest): Reply {
  const transaction = byCode(world, request);
  if (!transaction) return html(page('Paystack', '<article><h1>No such checkout</h1></article>'), 404);
  const at = `/checkout/${transaction.accessCode}`;
  const price = `${transaction.currency} ${(transaction.requestedAmount / 100).toFixed(2)}`;
  if (transaction.status === 'success')
    return html(page('Paystack', choices('Paid', `${price} were paid.`, [])));
  return html(
    page(
      'Paystack',
      choices(`Pay ${price}`, `${transaction.customer.email} · ${transaction.reference}`, [
        { action: `${at}/pay`, label: `Pay ${price}`, main: true },
        { action: `${at}/decline`, label: 'Pay with a card that has no money' },
        { action: `${at}/abandon`, label: 'Go away without paying' },
      ]),
    ),
  );
}

function act(what: (world: PaystackWorld, transaction: Transaction) => void) {
  return (world: PaystackWorld, request: FakeRequest): Reply => {
    const transaction = byCode(world, request);
    if (!transaction) return html(page('Paystack', '<article><h1>No such checkout</h1></article>'), 404);
    what(world, transaction);
    return afterwards(transaction);
  };
}

/** The browser goes back with `trxref` and `reference`, which say nothing of what became of it. */
function afterwards({ callbackUrl, reference }: Transaction): Reply {
  if (callbackUrl === null) return html(page('Paystack', choices('Done', 'You may close this page.', [])));
  const target = new URL(callbackUrl);
  target.searchParams.set('trxref', reference);
  target.searchParams.set('reference', reference);
  return redirect(target.href);
}

const byCode = (world: PaystackWorld, request: FakeRequest) =>
  world.transactions.find((known) => known.accessCode === request.params['access_code']);

export const checkoutRoutes: readonly Route<PaystackWorld>[] = [
  route('GET', '/checkout/:access_code', show),
  route(
    'POST',
    '/checkout/:access_code/pay',
    act((world, transaction) => succeed(world, transaction)),
  ),
  route(
    'POST',
    '/checkout/:access_code/decline',
    act((_world, transaction) => fail(transaction, 'insufficient_funds')),
  ),
  route(
    'POST',
    '/checkout/:access_code/abandon',
    act(() => {}),
  ),
];
