import { textAt } from '../json-fields.js';
import type { Registration } from '../payment-provider.js';
import type { MpesaApi } from './mpesa-api.js';
import { type MpesaAnswer, refusalOf } from './refusals.js';
import { MPESA_TOPICS } from './topics.js';

/**
 * Tells Safaricom where payments to the short code are to be confirmed (`POST /mpesa/c2b/v1/registerurl`), and opens the
 * account's books to questions where it has a nominated number. In production both are said once for all: who has said
 * it before has to ask Safaricom to change it.
 */
export async function registerAddresses(api: MpesaApi): Promise<Registration> {
  const { webhookUrl, credentials } = api.account;
  const answer = await api.post(['mpesa', 'c2b', 'v1', 'registerurl'], {
    ShortCode: credentials.shortcode,
    // What nobody answers in time is taken all the same: money that came is better than none.
    ResponseType: 'Completed',
    ConfirmationURL: `${webhookUrl}/${MPESA_TOPICS.confirmation}`,
    ValidationURL: `${webhookUrl}/${MPESA_TOPICS.validation}`,
  });
  const registered = registrationOf(answer, 'ResponseCode');
  if (registered.kind !== 'registered' || credentials.nominatedNumber === undefined) return registered;
  const pulls = await api.post(['pulltransactions', 'v1', 'register'], {
    ShortCode: credentials.shortcode,
    RequestType: 'Pull',
    NominatedNumber: credentials.nominatedNumber,
    CallBackURL: `${webhookUrl}/${MPESA_TOPICS.pull}`,
  });
  return registrationOf(pulls, 'ResponseStatus');
}

/** `0` of the one call, `1000` of the other. */
const DONE: ReadonlySet<string> = new Set(['0', '00000000', '1000']);

function registrationOf(answer: MpesaAnswer, field: 'ResponseCode' | 'ResponseStatus'): Registration {
  const body = answer.kind === 'answer' ? answer.body : null;
  const words = textAt(body, 'errorMessage') ?? textAt(body, 'ResponseDescription') ?? '';
  if (/already registered/i.test(words)) {
    const message = `${words}: Safaricom has addresses of this short code, and changes them on request only.`;
    return { kind: 'refused', message };
  }
  const refusal = refusalOf(answer);
  if (refusal) return { kind: refusal.kind === 'unknown' ? 'unknown' : 'refused', message: refusal.message };
  if (DONE.has(textAt(body, field) ?? '')) return { kind: 'registered' };
  return { kind: 'refused', message: words === '' ? 'Safaricom did not take the addresses.' : words };
}
