import { choices, page } from '../frame/page.js';
import { html, redirect, type Reply } from '../frame/reply.js';
import type { FakeRequest } from '../frame/request.js';
import { route, type Route } from '../frame/router.js';
import { beginTransaction, fail, succeed } from './settle.js';
import { major } from './wire.js';
import type { FlutterwaveWorld, HostedLink, Transaction } from './world.js';

const TITLE = 'Flutterwave';

function show(world: FlutterwaveWorld, request: FakeRequest): Reply {
  const link = world.links.find(({ id }) => id === request.params['id']);
  if (!link || link.expiresAt < world.clock.now()) return gone();
  const price = `${link.currency} ${major(link.amount).text}`;
  const at = `/v3/hosted/pay/${link.id}`;
  return html(
    page(
      TITLE,
      choices(`Pay ${price}`, `${link.email} · ${link.txRef}`, [
        { action: `${at}/pay`, label: `Pay ${price}`, main: true },
        { action: `${at}/decline`, label: 'Pay with a card that has no money' },
        { action: `${at}/cancel`, label: 'Cancel' },
      ]),
    ),
  );
}

/** A declined card leaves a failed transaction, and the customer on the page: the next try has the same reference. */
function act(verb: 'pay' | 'decline' | 'cancel') {
  return (world: FlutterwaveWorld, request: FakeRequest): Reply => {
    const link = world.links.find(({ id }) => id === request.params['id']);
    if (!link || link.expiresAt < world.clock.now() || link.triesLeft < 1) return gone();
    if (verb === 'cancel') return back(link.redirectUrl, { status: 'cancelled', tx_ref: link.txRef });
    const transaction = beginTransaction(world, { ...seedOf(link), paymentType: 'card' });
    if (verb === 'decline') {
      link.triesLeft -= 1;
      fail(world, transaction, 'Insufficient Funds');
      return link.triesLeft > 0
        ? redirect(`/v3/hosted/pay/${link.id}`)
        : afterwards(transaction, link.redirectUrl);
    }
    succeed(world, transaction);
    link.expiresAt = 0;
    return afterwards(transaction, link.redirectUrl);
  };
}

/** Where a bank asks a card's holder to confirm. */
function challenge(world: FlutterwaveWorld, request: FakeRequest): Reply {
  const transaction = challenged(world, request);
  if (!transaction) return gone();
  const at = `/v3/hosted/challenge/${request.params['id']}`;
  return html(
    page(
      TITLE,
      choices('Your bank asks', `Is ${transaction.currency} ${major(transaction.amount).text} yours?`, [
        { action: `${at}/approve`, label: 'Approve', main: true },
        { action: `${at}/refuse`, label: 'Refuse' },
      ]),
    ),
  );
}

function answer(approved: 'approved' | 'refused') {
  return (world: FlutterwaveWorld, request: FakeRequest): Reply => {
    const transaction = challenged(world, request);
    if (!transaction) return gone();
    transaction.challenge = null;
    if (approved === 'approved') succeed(world, transaction);
    else fail(world, transaction, 'Authentication failed');
    return afterwards(transaction, transaction.redirectUrl);
  };
}

const challenged = (world: FlutterwaveWorld, request: FakeRequest) =>
  world.transactions.find((known) => known.challenge !== null && known.challenge === request.params['id']);

const seedOf = ({
  account,
  txRef,
  amount,
  currency,
  email,
  customerName,
  phone,
  meta,
  redirectUrl,
}: HostedLink) => ({
  account,
  txRef,
  amount,
  currency,
  email,
  customerName,
  phone,
  meta,
  redirectUrl,
  token: null,
});

const afterwards = ({ status, txRef, id }: Transaction, redirectUrl: string | null) =>
  back(redirectUrl, { status, tx_ref: txRef, transaction_id: String(id) });

/** The query is a hint for the browser's page, and no proof. */
function back(redirectUrl: string | null, query: Record<string, string>): Reply {
  if (redirectUrl === null) return html(page(TITLE, choices('Done', 'You may close this page.', [])));
  const target = new URL(redirectUrl);
  for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
  return redirect(target.href);
}

const gone = () => html(page(TITLE, '<article><h1>This link has expired</h1></article>'), 404);

export const hostedRoutes: readonly Route<FlutterwaveWorld>[] = [
  route('GET', '/v3/hosted/pay/:id', show),
  route('POST', '/v3/hosted/pay/:id/pay', act('pay')),
  route('POST', '/v3/hosted/pay/:id/decline', act('decline')),
  route('POST', '/v3/hosted/pay/:id/cancel', act('cancel')),
  route('GET', '/v3/hosted/challenge/:id', challenge),
  route('POST', '/v3/hosted/challenge/:id/approve', answer('approved')),
  route('POST', '/v3/hosted/challenge/:id/refuse', answer('refused')),
];
