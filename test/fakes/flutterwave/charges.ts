import { json, type Reply } from '../frame/reply.js';
import type { FakeRequest } from '../frame/request.js';
import { route, type Route } from '../frame/router.js';
import {
  chargeAmount,
  emailIn,
  optionalText,
  readCall,
  refused,
  requiredText,
  type Call,
} from './read-call.js';
import { beginTransaction, fail, succeed } from './settle.js';
import { succeeded, transactionWire } from './wire.js';
import { CHARGE_BEHAVIOURS, type FlutterwaveWorld, type Transaction } from './world.js';

/** What a customer can be charged by directly, with the currency that it takes. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  mpesa: ['KES'],
  mobile_money_ghana: ['GHS'],
  mobile_money_uganda: ['UGX'],
  mobile_money_rwanda: ['RWF'],
  mobile_money_zambia: ['ZMW'],
  mobile_money_tanzania: ['TZS'],
  mobile_money_franco: ['XAF', 'XOF'],
  debit_ng_account: ['NGN'],
};
const OTP = '12345';

/** A saved card pays; its holder may have to confirm. */
function chargeToken(world: FlutterwaveWorld, request: FakeRequest): Reply {
  const call = readCall(world, request);
  const email = emailIn(call.body);
  const { amount, currency } = chargeAmount(call.account, call.body);
  const wanted = requiredText(call.body, 'token');
  const card = world.tokens.find(({ token, account }) => token === wanted && account === call.account.name);
  if (!card) throw refused(400, 'Invalid token');
  if (card.expiresAt <= world.clock.now()) throw refused(400, 'Token has expired');
  if (card.email !== email) throw refused(400, 'Wrong token or email passed');
  const txRef = unusedReference(world, call);
  const behaviour = CHARGE_BEHAVIOURS.find((known) => known === request.outcome) ?? card.behaviour;
  // What was never tried leaves no transaction behind.
  if (behaviour === 'insufficient_funds') throw refused(400, 'Insufficient Funds');
  const transaction = beginTransaction(world, {
    account: call.account.name,
    txRef,
    amount,
    currency,
    paymentType: 'card',
    email,
    customerName: nameIn(call),
    phone: null,
    token: card.token,
    meta: call.body['meta'] ?? null,
    redirectUrl: optionalText(call.body, 'redirect_url'),
  });
  if (behaviour === 'three-ds' || !call.account.unattended) return challenged(world, transaction);
  if (behaviour === 'success') succeed(world, transaction);
  if (behaviour === 'failed') fail(world, transaction, 'Do not honor');
  return json(200, succeeded('Charge successful', transactionWire(transaction)));
}

function challenged(world: FlutterwaveWorld, transaction: Transaction): Reply {
  transaction.challenge = world.ids.text(16);
  transaction.processorResponse = 'Pending, Customer Authentication';
  const redirect = `${world.url()}/v3/hosted/challenge/${transaction.challenge}`;
  return json(
    200,
    succeeded('Charge initiated', transactionWire(transaction), {
      authorization: { mode: 'redirect', redirect },
    }),
  );
}

/** Mobile money and bank accounts: the customer confirms on the phone, on a page, or with a code. */
function charge(world: FlutterwaveWorld, request: FakeRequest): Reply {
  const call = readCall(world, request);
  const type = request.query.get('type') ?? '';
  const currencies = TYPES[type];
  if (!currencies) throw refused(400, `${type || 'type'} is not a supported charge type`);
  const { amount, currency } = chargeAmount(call.account, call.body);
  if (!currencies.includes(currency)) throw refused(400, `currency ${currency} is not supported for ${type}`);
  const email = emailIn(call.body);
  const phone = requiredText(call.body, 'phone_number');
  if (!/^\+?\d{9,15}$/.test(phone)) throw refused(400, 'phone_number is invalid');
  if (type === 'mobile_money_franco') requiredText(call.body, 'country');
  const transaction = beginTransaction(world, {
    account: call.account.name,
    txRef: unusedReference(world, call),
    amount,
    currency,
    paymentType: type.replaceAll('_', ''),
    email,
    customerName: optionalText(call.body, 'fullname'),
    phone,
    token: null,
    meta: call.body['meta'] ?? null,
    redirectUrl: optionalText(call.body, 'redirect_url'),
  });
  if (type === 'mpesa') return json(200, succeeded('Charge initiated', transactionWire(transaction)));
  if (type !== 'debit_ng_account') return challenged(world, transaction);
  transaction.authModel = 'OTP';
  return json(
    200,
    succeeded('Charge initiated', transactionWire(transaction), { authorization: { mode: 'otp' } }),
  );
}

function validateCharge(world: FlutterwaveWorld, request: FakeRequest): Reply {
  const { account, body } = readCall(world, request);
  const flwRef = requiredText(body, 'flw_ref');
  const transaction = world.transactions.find(
    (known) => known.flwRef === flwRef && known.account === account.name,
  );
  if (!transaction || transaction.status !== 'pending')
    throw refused(400, 'Transaction not found or not awaiting validation');
  if (requiredText(body, 'otp') === OTP) succeed(world, transaction);
  else throw refused(400, 'Invalid OTP. Please try again');
  return json(200, succeeded('Charge validated', transactionWire(transaction)));
}

/** Direct charges want a reference of their own. */
function unusedReference(world: FlutterwaveWorld, { account, body }: Call): string {
  const txRef = requiredText(body, 'tx_ref');
  const used = world.transactions.some((known) => known.txRef === txRef && known.account === account.name);
  if (used) throw refused(400, 'Transaction reference already exist. Try again with a unique reference');
  return txRef;
}

const nameIn = ({ body }: Call) =>
  [optionalText(body, 'first_name'), optionalText(body, 'last_name')].filter(Boolean).join(' ') || null;

export const chargeRoutes: readonly Route<FlutterwaveWorld>[] = [
  route('POST', '/v3/tokenized-charges', chargeToken),
  route('POST', '/v3/charges', charge),
  route('POST', '/v3/validate-charge', validateCharge),
];
