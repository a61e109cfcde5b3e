import { textOf } from '../frame/json-text.js';
import { newCard } from './cards.js';
import { emit } from './events.js';
import { beginSubscription } from './bill-subscription.js';
import { newIntent } from './payment-intents.js';
import { refuseIntent, succeedIntent } from './settle-intent.js';
import { textIn } from './params.js';
import { newSetupIntent, succeedSetup } from './setup-intents.js';
import { create } from './store.js';
import type { SessionPlan, StripeObject, StripeWorld } from './world.js';

/** How a customer pays: by card at once, or by a bank that says days later whether it did. */
export type Way = 'card' | 'bank';

/** The customer has gone through with it. What is paid by bank is complete and not paid. */
export function completeSession(world: StripeWorld, session: StripeObject, way: Way): void {
  const plan = planOf(world, session);
  const card = newCard(world, plan.call, 'success');
  session['status'] = 'complete';
  session['url'] = null;
  session['customer_details'] = { email: session['customer_email'] ?? null, name: null };
  if (session['mode'] === 'setup') {
    const intent = newSetupIntent(world, plan.call, customerId(session), plan.data.metadata);
    session['setup_intent'] = intent.id;
    succeedSetup(world, intent, card);
  } else if (session['mode'] === 'subscription') {
    subscribe(world, session, plan, card);
  } else {
    if (session['customer_creation'] === 'always') session['customer'] = customerOf(world, session, plan);
    // Without that a payment leaves no customer behind, and a card no one that it could be charged with again.
    if (textIn(plan.call.params, 'customer_creation') === 'always')
      session['customer'] = customerOf(world, session, plan);
    const intent = intentOf(world, session, plan, card);
    if (way === 'bank') intent['status'] = 'processing';
    else pay(world, session, intent);
  }
  emit(world, 'checkout.session.completed', session);
}

/** The bank has paid, or not. */
export function endBankPayment(
  world: StripeWorld,
  session: StripeObject,
  outcome: 'succeeded' | 'failed',
): void {
  const intent = world.stored.get(textOf(session['payment_intent']))?.data;
  if (!intent || session['payment_status'] === 'paid') return;
  if (outcome === 'succeeded') {
    pay(world, session, intent);
    emit(world, 'checkout.session.async_payment_succeeded', session);
  } else {
    refuseIntent(world, intent, {
      type: 'card_error',
      code: 'payment_method_provider_decline',
      message: 'The bank declined the payment.',
    });
    emit(world, 'checkout.session.async_payment_failed', session);
  }
}

/** Money for a session that had expired: it is paid all the same. */
export function payExpired(world: StripeWorld, session: StripeObject): void {
  const plan = planOf(world, session);
  const intent = intentOf(world, session, plan, newCard(world, plan.call, 'success'));
  pay(world, session, intent);
}

/** A card that was declined on the page: the session stays open. */
export function declineOnPage(world: StripeWorld, session: StripeObject): void {
  const plan = planOf(world, session);
  if (session['mode'] !== 'payment') return;
  const intent = intentOf(world, session, plan, newCard(world, plan.call, 'insufficient_funds'));
  refuseIntent(world, intent, {
    type: 'card_error',
    code: 'card_declined',
    decline_code: 'insufficient_funds',
    message: 'Your card has insufficient funds.',
  });
}

/** The one intent of a session, however many cards are tried. */
function intentOf(
  world: StripeWorld,
  session: StripeObject,
  plan: SessionPlan,
  card: StripeObject,
): StripeObject {
  const known = world.stored.get(textOf(session['payment_intent']))?.data;
  const members = {
    amount: Number(session['amount_total']),
    currency: textOf(session['currency']),
    customer: customerId(session),
    metadata: plan.data.metadata,
  };
  const intent = known ?? newIntent(world, plan.call, members);
  intent['payment_method'] = card.id;
  intent['customer'] = customerId(session);
  intent['setup_future_usage'] = plan.data.savesCard ? 'off_session' : null;
  session['payment_intent'] = intent.id;
  if (plan.data.savesCard && typeof session['customer'] === 'string') card['customer'] = session['customer'];
  return intent;
}

function pay(world: StripeWorld, session: StripeObject, intent: StripeObject): void {
  succeedIntent(world, intent, Number(intent['amount']));
  session['payment_status'] = 'paid';
}

function subscribe(world: StripeWorld, session: StripeObject, plan: SessionPlan, card: StripeObject): void {
  const customer = customerOf(world, session, plan);
  session['customer'] = customer;
  card['customer'] = customer;
  const { subscription, invoice } = beginSubscription(world, plan.call, {
    customer,
    lines: plan.lines,
    card,
    metadata: plan.data.metadata,
  });
  session['subscription'] = subscription.id;
  session['invoice'] = invoice.id;
  session['payment_status'] = 'paid';
}

/** Whose session it is; somebody new where it is nobody's. */
function customerOf(world: StripeWorld, session: StripeObject, plan: SessionPlan): string {
  const email = session['customer_email'] ?? null;
  const kind = { prefix: 'cus', object: 'customer' };
  return customerId(session) ?? create(world, plan.call, kind, { email, metadata: {}, name: null }).id;
}

const customerId = (session: StripeObject) =>
  typeof session['customer'] === 'string' ? session['customer'] : null;

function planOf(world: StripeWorld, session: StripeObject): SessionPlan {
  const plan = world.plans.get(session.id);
  if (!plan) throw new Error(`${session.id} is no session.`);
  return plan;
}
