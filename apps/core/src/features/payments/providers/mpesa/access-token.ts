import { textAt } from '../json-fields.js';
import type { HttpAnswer, HttpClient } from '../../../../platform/http-client/http-client.js';
import type { NoAnswer } from '../../../../platform/http-client/guarded-calls.js';
import type { AccessTokenStore, ProviderDeps } from '../provider-clients.js';
import { undecided } from '../undecided.js';
import type { MpesaAccount } from './mpesa-api.js';

/** A token lives an hour; one that ends in less than this is not begun with. */
const LEEWAY_MS = 5 * 60_000;

/** A token, or why there is none. `refused` tells that the credentials are not good. */
export type TokenResult =
  | { readonly kind: 'token'; readonly text: string }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'unknown'; readonly message: string };

/** Who asks for a token at this moment in this process, by account: each new token ends the one before. */
const asking = new Map<string, Promise<TokenResult>>();

export interface TokenSource {
  readonly http: HttpClient;
  readonly account: MpesaAccount;
  readonly tokens: AccessTokenStore;
  readonly clock: ProviderDeps['clock'];
}

/**
 * The account's access token. Daraja ends a token when it gives out the next, so that all processes share one, kept beside
 * the account, and one call a process asks for the next. `spent` is a token that was just refused.
 */
export async function accessToken(source: TokenSource, spent: string | null): Promise<TokenResult> {
  const { account, tokens, clock } = source;
  const known = await tokens.read(account.id);
  if (known && known.text !== spent && known.until.getTime() - clock.now().getTime() > LEEWAY_MS) {
    return { kind: 'token', text: known.text };
  }
  const running = asking.get(account.id);
  if (running) return running;
  const asked = requestToken(source).finally(() => asking.delete(account.id));
  asking.set(account.id, asked);
  return asked;
}

async function requestToken({ http, account, tokens, clock }: TokenSource): Promise<TokenResult> {
  const { consumerKey, consumerSecret } = account.credentials;
  const basic = Buffer.from(`${consumerKey}:${consumerSecret}`).toString('base64');
  const answer = await http.call({
    method: 'GET',
    path: ['oauth', 'v1', 'generate'],
    query: { grant_type: 'client_credentials' },
    headers: { authorization: `Basic ${basic}` },
  });
  const text = answer.kind === 'answer' && answer.status === 200 ? textAt(answer.body, 'access_token') : null;
  if (text === null) return refusal(answer);
  // Seconds, as a number or as a text.
  const seconds = Number(textAt((answer as HttpAnswer).body, 'expires_in') ?? '3599');
  const until = new Date(clock.now().getTime() + (Number.isFinite(seconds) ? seconds : 3_599) * 1_000);
  await tokens.keep(account.id, { text, until });
  return { kind: 'token', text };
}

/** Wrong credentials are told by a 400 or 401, at times without any body. */
function refusal(answer: HttpAnswer | NoAnswer): TokenResult {
  if (answer.kind === 'answer' && (answer.status === 400 || answer.status === 401)) {
    const message = textAt(answer.body, 'errorMessage') ?? 'Safaricom refused the consumer key and secret.';
    return { kind: 'refused', message };
  }
  return { kind: 'unknown', message: undecided(answer) ?? 'Safaricom gave no access token.' };
}
