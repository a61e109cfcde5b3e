import type { Logger } from 'pino';

import type { ProviderName } from '../../../domain/payments/provider-amounts.js';
import type { Clock } from '../../../platform/clock/clock.js';
import type { GuardedCalls } from '../../../platform/http-client/guarded-calls.js';
import type { Mode } from '../../../tenancy/tenant-context.js';
import type { CredentialsOf } from './credentials.js';

/** Where each provider's API is. */
export interface ProviderUrls {
  readonly paystack: string;
  readonly flutterwave: string;
  readonly mpesa: string;
  readonly mpesaSandbox: string;
  readonly stripe: string;
}

/** What adapters are made with, whoever's account they work on. */
export interface ProviderDeps {
  readonly urls: ProviderUrls;
  readonly calls: GuardedCalls;
  readonly log: Logger;
  readonly tokens: AccessTokenStore;
  /** Real time, in which providers live also where a tenant's test clock stands still. */
  readonly clock: Clock;
}

/** An account at a provider, with its credentials in clear. */
export interface OpenAccount<P extends ProviderName, C> {
  readonly id: string;
  readonly provider: P;
  readonly mode: Mode;
  readonly credentials: C;
  /** The address of its own that its webhooks come to. Whoever knows it can send M-Pesa's, which nothing else proves. */
  readonly webhookUrl: string;
}

/** An account at any of the providers. */
export type AnyOpenAccount = { [P in ProviderName]: OpenAccount<P, CredentialsOf[P]> }[ProviderName];

/** The one access token that a provider lets an account have at a time, shared by all processes. */
export interface AccessTokenStore {
  read(accountId: string): Promise<AccessToken | null>;
  keep(accountId: string, token: AccessToken): Promise<void>;
}

export interface AccessToken {
  readonly text: string;
  readonly until: Date;
}
