import { writeJson } from '../frame/json-text.js';
import { json, type Reply } from '../frame/reply.js';
import type { FakeRequest } from '../frame/request.js';
import { route, type Route } from '../frame/router.js';
import { sendWebhook } from '../frame/send-webhook.js';
import { c2bBody, confirm } from './callbacks.js';
import { serverSays } from './errors.js';
import { organisation, phoneNumber, readCall, shillings, text, url } from './fields.js';
import { newReceipt, recordPayment } from './settle-push.js';
import type { LedgerEntry, MpesaWorld } from './world.js';

/** Where a business wants to be told of payments; in production that is said once. */
function registerUrl(world: MpesaWorld, request: FakeRequest): Reply {
  const body = readCall(world, request);
  const found = organisation(world, body, 'ShortCode');
  const whenSilent = text(world, body, 'ResponseType', /^(Completed|Cancelled)$/) as
    'Completed' | 'Cancelled';
  const confirmation = url(world, body, 'ConfirmationURL', 'c2b');
  const validation = body['ValidationURL'] === undefined ? null : url(world, body, 'ValidationURL', 'c2b');
  if (found.urls) throw serverSays(world, 'URLs are already registered');
  found.urls = { confirmation, validation, whenSilent };
  return json(200, {
    OriginatorCoversationID: world.ids.text(20),
    ResponseCode: '0',
    ResponseDescription: 'Success',
  });
}

async function simulate(world: MpesaWorld, request: FakeRequest): Promise<Reply> {
  const body = readCall(world, request);
  const { shortcode } = organisation(world, body, 'ShortCode');
  text(world, body, 'CommandID', /^Customer(PayBill|BuyGoods)Online$/);
  const payment = { shortcode, amount: shillings(world, body), msisdn: phoneNumber(world, body, 'Msisdn') };
  await payIn(world, { ...payment, billReference: text(world, body, 'BillRefNumber', /^.{0,20}$/u) });
  return json(200, {
    OriginatorCoversationID: world.ids.text(20),
    ResponseCode: '0',
    ResponseDescription: 'Accept the service request successfully.',
  });
}

/** A payment that the customer makes from the phone's menu: asked about where the business wants to be, then told. */
export async function payIn(
  world: MpesaWorld,
  payment: { shortcode: string; amount: number; msisdn: string; billReference: string },
): Promise<LedgerEntry | null> {
  const receipt = newReceipt(world);
  const entry: LedgerEntry = {
    ...payment,
    receipt,
    kind: 'payment',
    at: world.clock.now(),
    // Nobody has named it before: every payment of this kind stands for itself.
    reference: receipt,
    reversed: false,
  };
  if (!(await isAccepted(world, entry))) return null;
  recordPayment(world, entry);
  confirm(world, entry);
  return entry;
}

/** What the business says; where it says nothing in eight seconds, what it has laid down for that. */
async function isAccepted(world: MpesaWorld, entry: LedgerEntry): Promise<boolean> {
  const found = world.organisations.find(({ shortcode }) => shortcode === entry.shortcode);
  if (!found?.urls?.validation) return true;
  const { validation, whenSilent } = found.urls;
  const attempt = await sendWebhook(
    {
      url: validation,
      body: writeJson(c2bBody(entry, found, 'validation')),
      headers: { 'content-type': 'application/json' },
      timeoutMs: world.validationTimeoutMs,
    },
    world.clock.date(),
  );
  try {
    if (attempt.status === 200)
      return String((JSON.parse(attempt.responseBody) as { ResultCode?: unknown }).ResultCode) === '0';
  } catch {
    // What is no answer is silence.
  }
  return whenSilent === 'Completed';
}

export const c2bRoutes: readonly Route<MpesaWorld>[] = [
  route('POST', '/mpesa/c2b/v1/registerurl', registerUrl),
  route('POST', '/mpesa/c2b/v2/registerurl', registerUrl),
  route('POST', '/mpesa/c2b/v1/simulate', simulate),
];
