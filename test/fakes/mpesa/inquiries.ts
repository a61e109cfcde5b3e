import { json, type Reply } from '../frame/reply.js';
import type { FakeRequest } from '../frame/request.js';
import { route, type Route } from '../frame/router.js';
import { badField } from './errors.js';
import { converse, type Result } from './conversations.js';
import { eastAfricaTime } from './east-africa-time.js';
import { knowsInitiator, organisation, readCall, text, url } from './fields.js';
import type { MpesaWorld } from './world.js';

const TWO_DAYS_MS = 48 * 3_600_000;
const MOMENT = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;

/** What became of a payment, by its receipt or by the conversation that made it. */
function transactionStatus(world: MpesaWorld, request: FakeRequest): Reply {
  const body = readCall(world, request);
  text(world, body, 'CommandID', /^TransactionStatusQuery$/);
  text(world, body, 'IdentifierType', /^[124]$/);
  const found = organisation(world, body, 'PartyA');
  const known = knowsInitiator(
    found,
    text(world, body, 'Initiator'),
    text(world, body, 'SecurityCredential'),
  );
  const receipt = body['TransactionID'] === undefined ? null : text(world, body, 'TransactionID');
  const original = receipt === null ? text(world, body, 'OriginalConversationID') : null;
  const wanted =
    receipt ??
    world.conversations.find((c) => c.originatorConversationId === original || c.conversationId === original)
      ?.receipt;
  const entry = world.ledger.find((e) => e.receipt === wanted && e.shortcode === found.shortcode);
  const addresses = {
    resultUrl: url(world, body, 'ResultURL'),
    timeoutUrl: url(world, body, 'QueueTimeOutURL'),
  };
  return converse(world, addresses, request.outcome, (): Result => {
    if (!known)
      return {
        code: 2001,
        description: 'The initiator information is invalid.',
        receipt: null,
        parameters: [],
      };
    if (!entry)
      return {
        code: 'R000002',
        description: 'The transaction ID is invalid.',
        receipt: null,
        parameters: [],
      };
    const parameters: Result['parameters'] = [
      ['ReceiptNo', entry.receipt],
      ['Amount', entry.amount],
      ['TransactionStatus', 'Completed'],
      ['DebitPartyName', `${entry.msisdn} - Asha`],
      ['CreditPartyName', `${entry.shortcode} - ${found.name}`],
      ['FinalisedTime', Number(eastAfricaTime(entry.at))],
      ['ReasonType', 'Pay Bill Online'],
      ['DebitPartyCharges'],
    ];
    return {
      code: 0,
      description: 'The service request is processed successfully.',
      receipt: entry.receipt,
      parameters,
    };
  });
}

function registerPulls(world: MpesaWorld, request: FakeRequest): Reply {
  const body = readCall(world, request);
  const found = organisation(world, body, 'ShortCode');
  text(world, body, 'RequestType', /^Pull$/);
  text(world, body, 'NominatedNumber', /^254\d{9}$/);
  url(world, body, 'CallBackURL');
  found.pullsRegistered = true;
  return json(200, {
    ResponseRefID: world.ids.text(16),
    ResponseStatus: '1000',
    ShortCode: found.shortcode,
    ResponseDescription: 'ShortCode registered successfully',
  });
}

/** Payments into a business between two moments of Nairobi, of the last 48 hours. */
function pull(world: MpesaWorld, request: FakeRequest): Reply {
  const body = readCall(world, request);
  const { shortcode, name, pullsRegistered } = organisation(world, body, 'ShortCode');
  const [start, end] = ['StartDate', 'EndDate'].map((field) =>
    Date.parse(`${text(world, body, field, MOMENT).replace(' ', 'T')}+03:00`),
  );
  if (start === undefined || end === undefined || !(start <= end)) throw badField(world, 'EndDate');
  const offset = Number(text(world, body, 'OffSetValue', /^\d+$/));
  const from = Math.max(start, world.clock.now() - TWO_DAYS_MS);
  const found = world.ledger
    .filter((e) => e.kind === 'payment' && e.shortcode === shortcode && e.at >= from && e.at <= end)
    .slice(offset);
  const ResponseRefID = world.ids.text(16);
  if (!pullsRegistered || found.length === 0) {
    return json(200, {
      ResponseRefID,
      ResponseCode: '1001',
      ResponseMessage: 'No transactions found',
      Response: [[]],
    });
  }
  const rows = found.map((entry) => ({
    transactionId: entry.receipt,
    trxDate: new Date(entry.at + 3 * 3_600_000).toISOString().replace('Z', '+03:00'),
    msisdn: Number(entry.msisdn),
    sender: 'MPESA',
    transactiontype: 'c2b-pay-bill-debit',
    billreference: entry.billReference,
    amount: `${entry.amount}.00`,
    organizationname: name,
  }));
  return json(200, { ResponseRefID, ResponseCode: '1000', ResponseMessage: 'Success', Response: [rows] });
}

export const inquiryRoutes: readonly Route<MpesaWorld>[] = [
  route('POST', '/mpesa/transactionstatus/v1/query', transactionStatus),
  route('POST', '/pulltransactions/v1/register', registerPulls),
  route('POST', '/pulltransactions/v1/query', pull),
];
