import { textOf } from '../frame/json-text.js';
import { choices, page } from '../frame/page.js';
import { html, redirect, type Reply } from '../frame/reply.js';
import type { FakeRequest } from '../frame/request.js';
import { route, type Route } from '../frame/router.js';
import { completeSession, declineOnPage } from './complete-session.js';
import { refuseIntent, succeedIntent } from './settle-intent.js';
import type { StripeObject, StripeWorld } from './world.js';

const gone = () => html(page('Stripe', '<article><h1>This page has expired</h1></article>'), 404);
const text = (value: unknown) => (typeof value === 'string' ? value : null);
const named = (world: StripeWorld, request: FakeRequest, object: string) => {
  const found = world.stored.get(request.params['id'] ?? '')?.data;
  return found?.object === object ? found : null;
};

function checkout(world: StripeWorld, request: FakeRequest): Reply {
  const session = named(world, request, 'checkout.session');
  if (session?.['status'] !== 'open') return gone();
  const price =
    session['mode'] === 'setup'
      ? 'nothing'
      : `${textOf(session['amount_total'])} ${text(session['currency'])?.toUpperCase()} (in Stripe’s units)`;
  const at = `/c/pay/${session.id}`;
  return html(
    page(
      'Stripe Checkout',
      choices(`Pay ${price}`, text(session['customer_email']) ?? session.id, [
        {
          action: `${at}/card`,
          label: session['mode'] === 'setup' ? 'Save the card' : 'Pay by card',
          main: true,
        },
        ...(session['mode'] === 'payment'
          ? [{ action: `${at}/bank`, label: 'Pay by bank, which takes days' }]
          : []),
        { action: `${at}/decline`, label: 'Pay with a card that has no money' },
        { action: `${at}/leave`, label: 'Go back' },
      ]),
    ),
  );
}

function act(what: 'card' | 'bank' | 'decline' | 'leave') {
  return (world: StripeWorld, request: FakeRequest): Reply => {
    const session = named(world, request, 'checkout.session');
    if (session?.['status'] !== 'open') return gone();
    if (what === 'leave') return redirect(text(session['cancel_url']) ?? `/c/pay/${session.id}`);
    if (what === 'decline') {
      declineOnPage(world, session);
      return redirect(`/c/pay/${session.id}`);
    }
    completeSession(world, session, what);
    return redirect((text(session['success_url']) ?? '').replaceAll('{CHECKOUT_SESSION_ID}', session.id));
  };
}

/** Where a bank asks a card's holder to confirm. */
function authentication(world: StripeWorld, request: FakeRequest): Reply {
  const intent = named(world, request, 'payment_intent');
  if (intent?.['status'] !== 'requires_action') return gone();
  const at = `/authenticate/${intent.id}`;
  const buttons = [
    { action: `${at}/approve`, label: 'Approve', main: true as const },
    { action: `${at}/refuse`, label: 'Refuse' },
  ];
  return html(
    page(
      'Your bank',
      choices('Your bank asks', `Is ${textOf(intent['amount'])} ${text(intent['currency'])} yours?`, buttons),
    ),
  );
}

function authenticated(answer: 'approve' | 'refuse') {
  return (world: StripeWorld, request: FakeRequest): Reply => {
    const intent = named(world, request, 'payment_intent');
    if (intent?.['status'] !== 'requires_action') return gone();
    if (answer === 'approve') succeedIntent(world, intent, Number(intent['amount']));
    else
      refuseIntent(world, intent, {
        type: 'invalid_request_error',
        code: 'payment_intent_authentication_failure',
        message: 'The provided payment method has failed authentication.',
      });
    return back(text(intent['return_url']), intent);
  };
}

function back(url: string | null, intent: StripeObject): Reply {
  if (url === null) return html(page('Stripe', choices('Done', 'You may close this page.', [])));
  const target = new URL(url);
  target.searchParams.set('payment_intent', intent.id);
  return redirect(target.href);
}

function portal(world: StripeWorld, request: FakeRequest): Reply {
  const session = named(world, request, 'billing_portal.session');
  if (!session) return gone();
  const cards = [...world.stored.values()].filter(
    ({ data }) => data.object === 'payment_method' && data['customer'] === session['customer'],
  );
  const list = `${cards.length} saved cards`;
  return html(
    page(
      'Stripe billing',
      choices('Your billing', list, [
        { action: `/p/session/${session.id}/leave`, label: 'Go back', main: true },
      ]),
    ),
  );
}

const leavePortal = (world: StripeWorld, request: FakeRequest): Reply =>
  redirect(text(named(world, request, 'billing_portal.session')?.['return_url']) ?? '/');

export const pageRoutes: readonly Route<StripeWorld>[] = [
  route('GET', '/c/pay/:id', checkout),
  ...(['card', 'bank', 'decline', 'leave'] as const).map((what) =>
    route('POST', `/c/pay/:id/${what}`, act(what)),
  ),
  route('GET', '/authenticate/:id', authentication),
  route('POST', '/authenticate/:id/approve', authenticated('approve')),
  route('POST', '/authenticate/:id/refuse', authenticated('refuse')),
  route('GET', '/p/session/:id', portal),
  route('POST', '/p/session/:id/leave', leavePortal),
];
