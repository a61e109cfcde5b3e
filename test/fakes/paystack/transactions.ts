import { json, type Reply } from '../frame/reply.js';
import type { FakeRequest } from '../frame/request.js';
import { route, type Route } from '../frame/router.js';
import { invalid, notFound } from './errors.js';
import { newTransaction } from './new-transaction.js';
import { authenticate, readCall, requiredText } from './read-call.js';
import { settleAs } from './settle.js';
import { succeeded, transactionWire } from './wire.js';
import { CHARGE_BEHAVIOURS, type PaystackWorld, type Transaction } from './world.js';

const CHANNELS = [
  'card',
  'bank',
  'ussd',
  'qr',
  'eft',
  'mobile_money',
  'bank_transfer',
  'apple_pay',
  'capitec_pay',
  'payattitude',
];
const PAGE_SIZE = 50;

function initialize(world: PaystackWorld, request: FakeRequest): Reply {
  const call = readCall(world, request);
  const channels = call.body['channels'];
  if (
    channels !== undefined &&
    (!Array.isArray(channels) || channels.some((c) => !CHANNELS.includes(String(c))))
  ) {
    throw invalid('Invalid channels passed', 'invalid_channels');
  }
  const transaction = newTransaction(world, call);
  return json(
    200,
    succeeded('Authorization URL created', {
      authorization_url: `${world.url()}/checkout/${transaction.accessCode}`,
      access_code: transaction.accessCode,
      reference: transaction.reference,
    }),
  );
}

/** A saved card pays, the customer not being there. A decline is HTTP 200 as well. */
function chargeAuthorization(world: PaystackWorld, request: FakeRequest): Reply {
  const call = readCall(world, request);
  const code = requiredText(call.body, 'authorization_code', 'Authorization code');
  const card = world.authorizations.find(
    (known) => known.code === code && known.account === call.account.name && known.domain === call.domain,
  );
  if (!card?.active) throw invalid('Authorization code is invalid', 'invalid_authorization');
  if (!card.reusable) throw invalid('Authorization is not reusable', 'authorization_not_reusable');
  if (card.email !== call.body['email']) {
    throw invalid('Email does not match Authorization code. Please confirm', 'email_mismatch');
  }
  const transaction = newTransaction(world, call);
  transaction.authorization = card;
  const behaviour = CHARGE_BEHAVIOURS.find((known) => known === request.outcome) ?? card.behaviour;
  settleAs(world, transaction, behaviour);
  if (behaviour !== 'paused') return json(200, succeeded('Charge attempted', transactionWire(transaction)));
  return json(
    200,
    succeeded('Please, redirect your customer to the authorization url provided', {
      paused: true,
      authorization_url: `${world.url()}/checkout/${transaction.accessCode}`,
      access_code: transaction.accessCode,
      reference: transaction.reference,
    }),
  );
}

function verify(world: PaystackWorld, request: FakeRequest): Reply {
  const transaction = mine(world, request).find((known) => known.reference === request.params['reference']);
  if (!transaction) throw notFound('Transaction reference not found.', 'transaction_not_found');
  return json(200, succeeded('Verification successful', asSeen(world, transaction)));
}

function list(world: PaystackWorld, request: FakeRequest): Reply {
  const [from, to] = ['from', 'to'].map((name) => request.query.get(name));
  const status = request.query.get('status');
  const pageSize = Number(request.query.get('perPage') ?? PAGE_SIZE);
  const page = Number(request.query.get('page') ?? 1);
  const found = mine(world, request)
    .filter(
      ({ createdAt }) =>
        (!from || new Date(createdAt) >= new Date(from)) && (!to || new Date(createdAt) <= new Date(to)),
    )
    .filter((transaction) => !status || transaction.status === status)
    .toReversed();
  const shown = found
    .slice((page - 1) * pageSize, page * pageSize)
    .map((transaction) => asSeen(world, transaction));
  const meta = {
    total: found.length,
    skipped: (page - 1) * pageSize,
    perPage: pageSize,
    page,
    pageCount: Math.ceil(found.length / pageSize),
  };
  return json(200, succeeded('Transactions retrieved', shown, meta));
}

function mine(world: PaystackWorld, request: FakeRequest): Transaction[] {
  const { account, domain } = authenticate(world, request);
  return world.transactions.filter((known) => known.account === account.name && known.domain === domain);
}

/** What has just been paid may still look as if it were under way. */
function asSeen(world: PaystackWorld, transaction: Transaction) {
  if (transaction.status !== 'success' || world.clock.now() >= transaction.visibleFrom)
    return transactionWire(transaction);
  return { ...transactionWire(transaction), status: 'ongoing', gateway_response: null, paid_at: null };
}

export const transactionRoutes: readonly Route<PaystackWorld>[] = [
  route('POST', '/transaction/initialize', initialize),
  route('POST', '/transaction/charge_authorization', chargeAuthorization),
  route('GET', '/transaction/verify/:reference', verify),
  route('GET', '/transaction', list),
];
