import type { NoAnswer } from '../../../../platform/http-client/guarded-calls.js';
import { type HttpAnswer, type HttpCall, HttpClient } from '../../../../platform/http-client/http-client.js';
import type { Mode } from '../../../../tenancy/tenant-context.js';
import type { PaystackCredentials } from '../credentials.js';
import { textAt, valueAt } from '../json-fields.js';
import { rejected } from '../outcomes.js';
import type { OpenAccount, ProviderDeps } from '../provider-clients.js';
import { inForm } from '../undecided.js';

export type PaystackAccount = OpenAccount<'paystack', PaystackCredentials>;

/** Paystack's API on one account. */
export interface PaystackApi {
  readonly mode: Mode;
  call(call: HttpCall): Promise<HttpAnswer | NoAnswer>;
}

export function paystackApi(deps: ProviderDeps, account: PaystackAccount): PaystackApi {
  const http = new HttpClient({
    baseUrl: deps.urls.paystack,
    account: `paystack:${account.id}`,
    calls: deps.calls,
    log: deps.log,
  });
  const headers = { authorization: `Bearer ${account.credentials.secretKey}` };
  return {
    mode: account.mode,
    call: async (call) => inForm(await http.call({ ...call, headers }), isEnvelope),
  };
}

function isEnvelope(body: unknown): boolean {
  return typeof valueAt(body, 'status') === 'boolean';
}

/** What Paystack says of a request that it refuses. */
export function refusalOf(body: unknown) {
  return rejected(
    textAt(body, 'code') ?? 'refused',
    textAt(body, 'message') ?? 'Paystack refused the request.',
  );
}

/** `status: true` says that the call worked and nothing of money, which `data.status` tells. */
export function hasWorked(answer: HttpAnswer): boolean {
  return answer.status < 300 && valueAt(answer.body, 'status') === true;
}
