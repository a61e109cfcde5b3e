import { json, type Reply } from '../frame/reply.js';
import type { FakeRequest } from '../frame/request.js';
import { route, type Route } from '../frame/router.js';
import { badField, serverSays } from './errors.js';
import { eastAfricaTime } from './east-africa-time.js';
import { organisationByPassword, phoneNumber, readCall, shillings, text, url } from './fields.js';
import { subscriberOf } from './options.js';
import { endPush, letCustomerAct } from './settle-push.js';
import { PHONE_BEHAVIOURS, type MpesaWorld, type Push } from './world.js';

const BUSY = 'Unable to lock subscriber, a transaction is already in process for the current subscriber';

/** Shows a prompt on a phone. The answer says only that it was taken in. */
async function processRequest(world: MpesaWorld, request: FakeRequest): Promise<Reply> {
  const body = readCall(world, request);
  const organisation = organisationByPassword(world, body);
  const type = text(world, body, 'TransactionType', /^Customer(PayBill|BuyGoods)Online$/);
  const amount = shillings(world, body);
  const msisdn = phoneNumber(world, body, 'PhoneNumber');
  if (phoneNumber(world, body, 'PartyA') !== msisdn) throw badField(world, 'PartyA');
  const partyB = text(world, body, 'PartyB', /^\d{5,7}$/);
  const accountReference = text(world, body, 'AccountReference', /^.{1,12}$/u);
  const description = text(world, body, 'TransactionDesc', /^.{1,13}$/u);
  const callbackUrl = url(world, body, 'CallBackURL', world.strictCallbackUrls ? 'c2b' : 'any');

  const behaviour =
    PHONE_BEHAVIOURS.find((known) => known === request.outcome) ?? subscriberOf(world, msisdn).behaviour;
  const prompted = world.pushes.some((known) => known.msisdn === msisdn && known.result === null);
  if (prompted || behaviour === 'busy') throw serverSays(world, BUSY);
  const push: Push = {
    merchantRequestId: `${world.ids.number()}-1`,
    checkoutRequestId: `ws_CO_${eastAfricaTime(world.clock.now())}${world.ids.number()}`,
    shortcode: organisation.shortcode,
    amount,
    msisdn,
    accountReference,
    description,
    callbackUrl,
    createdAt: world.clock.now(),
    result: null,
    receipt: null,
    timesAsked: 0,
  };
  world.pushes.push(push);
  const expectedParty = type === 'CustomerPayBillOnline' ? organisation.shortcode : organisation.till;
  if (partyB !== expectedParty) endPush(world, push, '2028');
  else if (behaviour === 'callback-first') {
    endPush(world, push, '0');
    await world.webhooks.idle();
  } else letCustomerAct(world, push, behaviour);
  return json(200, {
    MerchantRequestID: push.merchantRequestId,
    CheckoutRequestID: push.checkoutRequestId,
    ResponseCode: '0',
    ResponseDescription: 'Success. Request accepted for processing',
    CustomerMessage: 'Success. Request accepted for processing',
  });
}

/** How a prompt stands: neither receipt nor amount. While it is open the two ways of saying so take turns. */
function query(world: MpesaWorld, request: FakeRequest): Reply {
  const body = readCall(world, request);
  const { shortcode } = organisationByPassword(world, body);
  const id = text(world, body, 'CheckoutRequestID');
  const push = world.pushes.find((known) => known.checkoutRequestId === id && known.shortcode === shortcode);
  if (!push) throw serverSays(world, 'The transaction does not exist');
  push.timesAsked += 1;
  if (push.result === null && push.timesAsked % 2 === 1)
    throw serverSays(world, 'The transaction is being processed');
  const { code, description } = push.result ?? {
    code: '4999',
    description: 'The transaction is still under processing',
  };
  return json(200, {
    ResponseCode: '0',
    ResponseDescription: 'The service request has been accepted successsfully',
    MerchantRequestID: push.merchantRequestId,
    CheckoutRequestID: push.checkoutRequestId,
    ResultCode: code,
    ResultDesc: description,
  });
}

export const stkRoutes: readonly Route<MpesaWorld>[] = [
  route('POST', '/mpesa/stkpush/v1/processrequest', processRequest),
  route('POST', '/mpesa/stkpushquery/v1/query', query),
];
