import type { JsonObject } from '../frame/json-text.js';
import type { Reply } from '../frame/reply.js';
import type { FakeRequest } from '../frame/request.js';
import { route, type Route } from '../frame/router.js';
import { badField } from './errors.js';
import { converse, type Result } from './conversations.js';
import { eastAfricaTime } from './east-africa-time.js';
import { knowsInitiator, organisation, phoneNumber, readCall, shillings, text, url } from './fields.js';
import { subscriberOf } from './options.js';
import { newReceipt } from './settle-push.js';
import type { LedgerEntry, MpesaWorld } from './world.js';

const failed = (code: number | string, description: string): Result => ({
  code,
  description,
  receipt: null,
  parameters: [],
});
const UNKNOWN_INITIATOR = failed(2001, 'The initiator information is invalid.');

const addresses = (world: MpesaWorld, body: JsonObject) => ({
  resultUrl: url(world, body, 'ResultURL'),
  timeoutUrl: url(world, body, 'QueueTimeOutURL'),
});

/** Gives a payment back whole, once. */
function reverse(world: MpesaWorld, request: FakeRequest): Reply {
  const body = readCall(world, request);
  text(world, body, 'CommandID', /^TransactionReversal$/);
  text(world, body, 'RecieverIdentifierType', /^11$/);
  const found = organisation(world, body, 'ReceiverParty');
  const receipt = text(world, body, 'TransactionID');
  const amount = shillings(world, body);
  text(world, body, 'Remarks', /^.{1,100}$/u);
  const known = knowsInitiator(
    found,
    text(world, body, 'Initiator'),
    text(world, body, 'SecurityCredential'),
  );
  const entry = world.ledger.find(
    (e) => e.receipt === receipt && e.shortcode === found.shortcode && e.kind === 'payment',
  );
  if (entry && entry.amount !== amount) throw badField(world, 'Amount');
  return converse(world, addresses(world, body), request.outcome, () => {
    if (!known) return UNKNOWN_INITIATOR;
    if (!entry) return failed('R000002', 'The OriginalTransactionID is invalid.');
    if (entry.reversed) return failed('R000001', 'The transaction has already been reversed.');
    entry.reversed = true;
    return { ...giveBack(world, entry), description: 'The service request is processed successfully.' };
  });
}

function giveBack(world: MpesaWorld, entry: LedgerEntry): Result {
  const receipt = newReceipt(world);
  subscriberOf(world, entry.msisdn).balance += entry.amount;
  recordRefund(world, entry, receipt, entry.amount);
  world.ledger.push({ ...entry, receipt, kind: 'reversal', at: world.clock.now() });
  const parameters: Result['parameters'] = [
    ['Amount', entry.amount],
    ['OriginalTransactionID', entry.receipt],
    ['TransCompletedTime', Number(eastAfricaTime(world.clock.now()))],
    ['Charge'],
  ];
  return { code: 0, description: '', receipt, parameters };
}

/** Sends money to a phone. Its number of the conversation is the merchant's own, and good once. */
function payOut(world: MpesaWorld, request: FakeRequest): Reply {
  const body = readCall(world, request);
  const key = text(world, body, 'OriginatorConversationID', /^[\w.-]{1,64}$/);
  text(world, body, 'CommandID', /^(Business|Salary|Promotion)Payment$/);
  const amount = shillings(world, body);
  const found = organisation(world, body, 'PartyA');
  const msisdn = phoneNumber(world, body, 'PartyB');
  const remarks = text(world, body, 'Remarks', /^.{1,100}$/u);
  const occasion = body['Occassion'] === undefined ? '' : text(world, body, 'Occassion', /^.{0,100}$/u);
  const known = knowsInitiator(
    found,
    text(world, body, 'InitiatorName'),
    text(world, body, 'SecurityCredential'),
  );
  const work = (): Result => {
    if (!known) return UNKNOWN_INITIATOR;
    if (request.outcome === 'insufficient' || found.balance < amount)
      return failed(1, 'The balance is insufficient for the transaction.');
    found.balance -= amount;
    subscriberOf(world, msisdn).balance += amount;
    const receipt = newReceipt(world);
    // A payout that names the receipt of a payment gives that payment back; any other is for its own sake.
    const original = world.ledger.find(
      (e) => e.kind === 'payment' && `${remarks} ${occasion}`.includes(e.receipt),
    );
    if (original) recordRefund(world, original, receipt, amount);
    else recordPayout(world, key, receipt, amount, found.shortcode);
    const entry = {
      receipt,
      shortcode: found.shortcode,
      amount,
      msisdn,
      at: world.clock.now(),
      billReference: '',
    };
    world.ledger.push({ ...entry, kind: 'payout', reference: original?.reference ?? key, reversed: false });
    return {
      code: 0,
      description: 'The service request is processed successfully.',
      receipt,
      parameters: [
        ['TransactionAmount', amount],
        ['TransactionReceipt', receipt],
        ['B2CWorkingAccountAvailableFunds', found.balance],
        ['ReceiverPartyPublicName', `${msisdn} - Asha`],
      ],
    };
  };
  return converse(world, addresses(world, body), request.outcome, work, key);
}

function recordRefund(world: MpesaWorld, entry: LedgerEntry, refundId: string, amount: number): void {
  const { reference, receipt: chargeId, shortcode: account } = entry;
  const at = world.clock.date().toISOString();
  world.truth.record({
    at,
    kind: 'refund',
    reference,
    chargeId,
    refundId,
    amount: BigInt(amount),
    currency: 'KES',
    account,
  });
}

function recordPayout(
  world: MpesaWorld,
  reference: string,
  receipt: string,
  amount: number,
  account: string,
): void {
  const at = world.clock.date().toISOString();
  world.truth.record({
    at,
    kind: 'payout',
    reference,
    chargeId: receipt,
    refundId: null,
    amount: BigInt(amount),
    currency: 'KES',
    account,
  });
}

export const orderRoutes: readonly Route<MpesaWorld>[] = [
  route('POST', '/mpesa/reversal/v1/request', reverse),
  route('POST', '/mpesa/b2c/v3/paymentrequest', payOut),
];
