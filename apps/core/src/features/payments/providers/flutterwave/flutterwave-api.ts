import type { NoAnswer } from '../../../../platform/http-client/guarded-calls.js';
import { type HttpAnswer, type HttpCall, HttpClient } from '../../../../platform/http-client/http-client.js';
import type { FlutterwaveCredentials } from '../credentials.js';
import { textAt } from '../json-fields.js';
import { rejected } from '../outcomes.js';
import type { OpenAccount, ProviderDeps } from '../provider-clients.js';
import { inForm } from '../undecided.js';

export type FlutterwaveAccount = OpenAccount<'flutterwave', FlutterwaveCredentials>;

/** Longer than the 28 s after which Flutterwave itself gives up with a 503. */
const TOTAL_MS = 35_000;

/** Flutterwave's API, v3, on one account. */
export interface FlutterwaveApi {
  call(call: HttpCall): Promise<HttpAnswer | NoAnswer>;
}

export function flutterwaveApi(deps: ProviderDeps, account: FlutterwaveAccount): FlutterwaveApi {
  const http = new HttpClient({
    baseUrl: deps.urls.flutterwave,
    account: `flutterwave:${account.id}`,
    totalMs: TOTAL_MS,
    calls: deps.calls,
    log: deps.log,
  });
  const headers = { authorization: `Bearer ${account.credentials.secretKey}` };
  return { call: async (call) => inForm(await http.call({ ...call, headers }), isEnvelope) };
}

function isEnvelope(body: unknown): boolean {
  return /^(success|error)$/.test(textAt(body, 'status') ?? '');
}

/** `status: "success"` says that the call worked and nothing of money, which `data.status` tells. */
export function hasWorked({ status, body }: HttpAnswer): boolean {
  return status < 300 && textAt(body, 'status') === 'success';
}

/** What Flutterwave says of a request that it refuses. */
export function refusalOf({ status, body }: HttpAnswer) {
  const code = status === 401 || status === 403 ? 'invalid_credentials' : 'refused';
  return rejected(code, textAt(body, 'message') ?? 'Flutterwave refused the request.');
}
