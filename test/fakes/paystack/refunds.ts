import { textOf, type JsonObject } from '../frame/json-text.js';
import { json, type Reply } from '../frame/reply.js';
import type { FakeRequest } from '../frame/request.js';
import { route, type Route } from '../frame/router.js';
import { invalid, missingParams, notFound } from './errors.js';
import { notifyRefund } from './notices.js';
import { authenticate, optionalText, readCall, requiredText, subunits, type Call } from './read-call.js';
import { moveRefund, planRefund } from './refund-life.js';
import { refundWire, succeeded, transactionWire } from './wire.js';
import type { PaystackWorld, Refund, Transaction } from './world.js';

const ENDS = ['processed', 'failed', 'needs-attention'] as const;

/** Refunds have neither reference nor key: to ask twice is to refund twice, as far as the money goes. */
function create(world: PaystackWorld, request: FakeRequest): Reply {
  const call = readCall(world, request);
  const transaction = transactionNamed(world, call);
  if (transaction.status !== 'success')
    throw invalid('Transaction has been fully reversed or was not successful', 'transaction_not_refundable');
  const taken = world.refunds
    .filter((known) => known.transaction === transaction && known.status !== 'failed')
    .reduce((total, { amount }) => total + amount, 0);
  const amount =
    call.body['amount'] === undefined ? transaction.amount - taken : subunits(call.body['amount']);
  const currency = optionalText(call.body, 'currency');
  if (currency !== null && currency !== transaction.currency)
    throw invalid('Currency does not match the transaction');
  if (amount <= 0 || amount > transaction.amount - taken) {
    throw invalid('Refund amount cannot be more than the transaction amount', 'invalid_amount');
  }
  const refund: Refund = {
    id: world.ids.number(),
    transaction,
    amount,
    status: 'pending',
    createdAt: world.clock.date().toISOString(),
    customerNote: optionalText(call.body, 'customer_note'),
    merchantNote: optionalText(call.body, 'merchant_note'),
    ends: ENDS.find((known) => known === request.outcome) ?? 'processed',
  };
  world.refunds.push(refund);
  notifyRefund(world, refund);
  planRefund(world, refund);
  const message = 'Refund has been queued for processing';
  return json(200, succeeded(message, { ...refundWire(refund), transaction: transactionWire(transaction) }));
}

function list(world: PaystackWorld, request: FakeRequest): Reply {
  const wanted = request.query.get('transaction') ?? request.query.get('reference');
  const found = mine(world, request).filter(
    ({ transaction }) =>
      wanted === null || wanted === String(transaction.id) || wanted === transaction.reference,
  );
  const meta = { total: found.length, skipped: 0, perPage: 50, page: 1, pageCount: 1 };
  return json(200, succeeded('Refunds retrieved', found.toReversed().map(refundWire), meta));
}

function read(world: PaystackWorld, request: FakeRequest): Reply {
  return json(200, succeeded('Refund retrieved', refundWire(named(world, request))));
}

/** The customer's account is known now: the refund goes on. */
function retry(world: PaystackWorld, request: FakeRequest): Reply {
  const { body } = readCall(world, request);
  const refund = named(world, request);
  const details = body['refund_account_details'] as JsonObject | undefined;
  if (typeof details !== 'object') throw missingParams('refund_account_details is required');
  for (const name of ['currency', 'account_number', 'bank_id']) requiredText(details, name);
  if (refund.status !== 'needs-attention') throw invalid('Refund does not need attention');
  refund.ends = 'processed';
  moveRefund(world, refund, 'processing');
  planRefund(world, refund);
  return json(200, succeeded('Refund retried and has been queued for processing', refundWire(refund)));
}

function transactionNamed(world: PaystackWorld, { account, domain, body }: Call): Transaction {
  const wanted = body['transaction'];
  if (wanted === undefined || wanted === '') throw missingParams('Transaction is required');
  const found = world.transactions.find(
    (known) =>
      known.account === account.name &&
      known.domain === domain &&
      (String(known.id) === textOf(wanted) || known.reference === wanted),
  );
  if (!found) throw notFound('Transaction not found', 'transaction_not_found');
  return found;
}

function mine(world: PaystackWorld, request: FakeRequest): Refund[] {
  const { account, domain } = authenticate(world, request);
  return world.refunds.filter(
    ({ transaction }) => transaction.account === account.name && transaction.domain === domain,
  );
}

function named(world: PaystackWorld, request: FakeRequest): Refund {
  const refund = mine(world, request).find(({ id }) => String(id) === request.params['id']);
  if (!refund) throw notFound('Refund not found', 'refund_not_found');
  return refund;
}

export const refundRoutes: readonly Route<PaystackWorld>[] = [
  route('POST', '/refund', create),
  route('GET', '/refund', list),
  route('GET', '/refund/:id', read),
  route('POST', '/refund/retry_with_customer_details/:id', retry),
];
