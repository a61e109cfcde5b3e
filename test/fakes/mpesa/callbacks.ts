import { exactly, type Json, type JsonObject } from '../frame/json-text.js';
import type { Delivery, WebhookRules } from '../frame/webhook-sender.js';
import { eastAfricaTime } from './east-africa-time.js';
import type { LedgerEntry, MpesaWorld, Organisation, Push } from './world.js';

/** Nothing is signed, and nothing is sent twice. */
export const mpesaCallbacks: WebhookRules = {
  sign: () => ({}),
  retryDelaysMs: [],
  timeoutMs: 30_000,
  accepts: (status) => status >= 200 && status < 300,
};

/** Tells what became of a prompt. */
export function callBack(world: MpesaWorld, push: Push): Delivery {
  const { merchantRequestId, checkoutRequestId, result } = push;
  return world.webhooks.enqueue({
    event: 'stk',
    ref: checkoutRequestId,
    url: push.callbackUrl,
    secret: '',
    body: {
      Body: {
        stkCallback: {
          MerchantRequestID: merchantRequestId,
          CheckoutRequestID: checkoutRequestId,
          // A number here, and a text where it is asked for. Some codes are no numbers.
          ResultCode: Number.isNaN(Number(result?.code)) ? (result?.code ?? null) : Number(result?.code),
          ResultDesc: result?.description ?? null,
          ...(result?.code === '0' ? { CallbackMetadata: { Item: itemsOf(world, push) } } : {}),
        },
      },
    },
  });
}

function itemsOf(world: MpesaWorld, push: Push): Json {
  const { shuffled, maskedPhone } = world.callbackStyle;
  const items: JsonObject[] = [
    { Name: 'Amount', Value: exactly(`${push.amount}.00`) },
    { Name: 'MpesaReceiptNumber', Value: push.receipt },
    { Name: 'Balance' },
    { Name: 'TransactionDate', Value: Number(eastAfricaTime(world.clock.now())) },
    { Name: 'PhoneNumber', Value: maskedPhone ? masked(push.msisdn) : Number(push.msisdn) },
  ];
  return shuffled ? items.toReversed() : items;
}

/** What a registered business is told of every payment into it, those of prompts too. */
export const c2bBody = (
  entry: LedgerEntry,
  organisation: Organisation,
  kind: 'validation' | 'confirmation',
): JsonObject => ({
  TransactionType: organisation.till ? 'Buy Goods' : 'Pay Bill',
  TransID: entry.receipt,
  TransTime: eastAfricaTime(entry.at),
  TransAmount: `${entry.amount}.00`,
  BusinessShortCode: entry.shortcode,
  BillRefNumber: entry.billReference,
  InvoiceNumber: '',
  OrgAccountBalance: kind === 'validation' ? '' : `${organisation.balance}.00`,
  ThirdPartyTransID: '',
  MSISDN: masked(entry.msisdn),
  FirstName: 'Asha',
  MiddleName: '',
  LastName: '',
});

export function confirm(world: MpesaWorld, entry: LedgerEntry): Delivery | null {
  const organisation = world.organisations.find(({ shortcode }) => shortcode === entry.shortcode);
  if (!organisation?.urls) return null;
  const body = c2bBody(entry, organisation, 'confirmation');
  return world.webhooks.enqueue({
    event: 'c2b',
    ref: entry.receipt,
    url: organisation.urls.confirmation,
    secret: '',
    body,
  });
}

const masked = (msisdn: string) => `${msisdn.slice(0, 4)}*****${msisdn.slice(-3)}`;
