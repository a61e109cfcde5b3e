import { Injectable } from '@nestjs/common';

import type { ProviderName } from '../../domain/payments/provider-amounts.js';
import { ChangeListener } from '../../tenancy/central/changes.js';
import { WatchedCache } from '../../tenancy/central/watched-cache.js';
import { TenantDirectory } from '../../tenancy/directory/tenant-directory.js';
import { ProviderAccounts, type WebhookAccount } from '../payments/providers/provider-accounts.js';

const ACCOUNTS_MAX = 10_000;
/** As long as an opened account is believed when no change is heard of. */
const TTL_MS = 5_000;

/**
 * Whose webhooks come to an address, from memory where that can be trusted: to open an account's secrets takes longer than
 * all else that is done with a webhook before it is answered.
 */
@Injectable()
export class WebhookAccounts {
  private readonly byToken: WatchedCache<WebhookAccount>;
  private readonly byDatabase: WatchedCache<WebhookAccount>;

  constructor(
    private readonly accounts: ProviderAccounts,
    private readonly directory: TenantDirectory,
    changes: ChangeListener,
  ) {
    const options = { max: ACCOUNTS_MAX, ttlMs: TTL_MS };
    this.byToken = new WatchedCache(changes, {
      ...options,
      keyOf: (change) => (change.kind === 'payment_account' ? change.tokenHash : null),
    });
    this.byDatabase = new WatchedCache(changes, {
      ...options,
      keyOf: (change) =>
        change.kind === 'payment_account' ? placeOf(change.provider, change.databaseId) : null,
    });
  }

  /** The account that has this token in its address; null for a token of nobody's. */
  async ofToken(provider: ProviderName, token: string): Promise<WebhookAccount | null> {
    const key = this.accounts.hashOfToken(token);
    const load = () => this.accounts.ofWebhook(provider, token);
    const account = await this.inUse(this.byToken, key, load);
    return account?.provider === provider ? account : null;
  }

  /** The account of a tenant database with a provider; null where it has none. */
  ofDatabase(provider: ProviderName, databaseId: string): Promise<WebhookAccount | null> {
    const load = () => this.accounts.ofDatabase(provider, databaseId);
    return this.inUse(this.byDatabase, placeOf(provider, databaseId), load);
  }

  /** An account goes on with the tenant's new database when test data is deleted. */
  private async inUse(
    cache: WatchedCache<WebhookAccount>,
    key: string,
    load: () => Promise<WebhookAccount | null>,
  ): Promise<WebhookAccount | null> {
    const known = await cache.get(key, load);
    if (!known || (await this.directory.ofDatabase(known.databaseId))) return known;
    cache.forget(key);
    const fresh = await cache.get(key, load);
    return fresh && (await this.directory.ofDatabase(fresh.databaseId)) ? fresh : null;
  }
}

function placeOf(provider: string, databaseId: string): string {
  return `${databaseId} ${provider}`;
}
