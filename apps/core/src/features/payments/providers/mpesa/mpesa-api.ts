import type { NoAnswer } from '../../../../platform/http-client/guarded-calls.js';
import { type HttpAnswer, HttpClient } from '../../../../platform/http-client/http-client.js';
import type { MpesaCredentials } from '../credentials.js';
import { textAt } from '../json-fields.js';
import type { OpenAccount, ProviderDeps } from '../provider-clients.js';
import { inForm } from '../undecided.js';
import { accessToken, type TokenResult, type TokenSource } from './access-token.js';

export type MpesaAccount = OpenAccount<'mpesa', MpesaCredentials>;

/** Daraja on one account. */
export interface MpesaApi {
  readonly account: MpesaAccount;
  /** Real time. */
  now(): Date;
  /** The present moment as Daraja writes it, in East African time. */
  timestamp(): string;
  /** Posts with the account's token; once more with a new one when that was refused, which is before anything is done. */
  post(
    path: readonly string[],
    body: unknown,
  ): Promise<HttpAnswer | NoAnswer | Exclude<TokenResult, { kind: 'token' }>>;
  token(): Promise<TokenResult>;
}

export function mpesaApi(deps: ProviderDeps, account: MpesaAccount): MpesaApi {
  const http = new HttpClient({
    baseUrl: account.mode === 'live' ? deps.urls.mpesa : deps.urls.mpesaSandbox,
    account: `mpesa:${account.id}`,
    // Much that Daraja answers with 500 is an answer, such as that a payment is still under way.
    isTrouble: ({ status, body }) => status >= 500 && textAt(body, 'errorCode') === null,
    calls: deps.calls,
    log: deps.log,
  });
  const source: TokenSource = { http, account, tokens: deps.tokens, clock: deps.clock };
  return {
    account,
    now: () => deps.clock.now(),
    timestamp: () => eastAfricanTimestamp(deps.clock.now()),
    token: () => accessToken(source, null),
    post: async (path, body) => {
      let spent: string | null = null;
      for (;;) {
        const token = await accessToken(source, spent);
        if (token.kind !== 'token') return token;
        const headers = { authorization: `Bearer ${token.text}` };
        const answer = inForm(await http.call({ method: 'POST', path, body, headers }), isDarajas);
        if (spent !== null || !isTokenRefusal(answer)) return answer;
        spent = token.text;
      }
    },
  };
}

function isDarajas(body: unknown): boolean {
  return ['ResponseCode', 'ResponseStatus', 'errorCode'].some((name) => textAt(body, name) !== null);
}

function isTokenRefusal(answer: HttpAnswer | NoAnswer): boolean {
  if (answer.kind !== 'answer') return false;
  return answer.status === 401 || textAt(answer.body, 'errorCode') === '404.001.03';
}

const EAST_AFRICA_MS = 3 * 3_600_000;

/** `20260101120000`, three hours ahead of UTC the whole year. */
export function eastAfricanTimestamp(moment: Date): string {
  return new Date(moment.getTime() + EAST_AFRICA_MS).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14);
}
