import type { Json } from '../frame/json-text.js';
import { duplicateReference } from './errors.js';
import { chargeAmount, optionalText, referenceOf, requiredEmail, type Call } from './read-call.js';
import type { Customer, PaystackWorld, Transaction } from './world.js';

/** A transaction of this call; a reference that the merchant has used before is refused. */
export function newTransaction(world: PaystackWorld, call: Call): Transaction {
  const email = requiredEmail(call.body);
  const { amount, currency } = chargeAmount(call.account, call.body);
  const reference = referenceOf(call.body, world.ids.text(10));
  const mine = world.transactions.filter((known) => known.account === call.account.name);
  if (mine.some((known) => known.reference === reference)) throw duplicateReference();
  const transaction: Transaction = {
    id: world.ids.number(),
    account: call.account.name,
    domain: call.domain,
    reference,
    status: 'abandoned',
    requestedAmount: amount,
    amount,
    fees: null,
    currency,
    channel: 'card',
    customer: customerFor(world, call, email),
    authorization: null,
    accessCode: world.ids.text(15),
    callbackUrl: optionalText(call.body, 'callback_url'),
    metadata: metadataOf(call.body['metadata']),
    gatewayResponse: 'The transaction was not completed',
    createdAt: world.clock.date().toISOString(),
    paidAt: null,
    visibleFrom: 0,
  };
  world.transactions.push(transaction);
  return transaction;
}

/** The customer with this e-mail address, new when there is none. */
export function customerFor(world: PaystackWorld, call: Omit<Call, 'body'>, email: string): Customer {
  const { account, domain } = call;
  const known = world.customers.find(
    (c) => c.email === email && c.account === account.name && c.domain === domain,
  );
  if (known) return known;
  const customer: Customer = {
    id: world.ids.number(),
    code: `CUS_${world.ids.text(15)}`,
    email,
    account: account.name,
    domain,
    firstName: null,
    lastName: null,
    phone: null,
  };
  world.customers.push(customer);
  return customer;
}

/** Text that is JSON comes back as an object, and nothing comes back as an empty text, as Paystack does it. */
function metadataOf(given: Json | undefined): Json {
  if (given === undefined || given === null) return '';
  if (typeof given !== 'string') return given;
  try {
    return JSON.parse(given) as Json;
  } catch {
    return given;
  }
}
