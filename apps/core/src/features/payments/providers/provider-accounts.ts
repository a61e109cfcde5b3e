import { Inject, Injectable } from '@nestjs/common';
import type { PaymentAccount } from '@nova/prisma-central';
import type { Logger } from 'pino';

import type { ProviderName } from '../../../domain/payments/provider-amounts.js';
import { systemClock } from '../../../platform/clock/clock.js';
import { CONFIG } from '../../../platform/config/config.module.js';
import type { Config } from '../../../platform/config/config.schema.js';
import { HASH_KEY } from '../../../platform/crypto/hash-key.js';
import { KeyedHash } from '../../../platform/crypto/keyed-hash.js';
import { GuardedCalls } from '../../../platform/http-client/guarded-calls.js';
import { LOGGER } from '../../../platform/log/log.module.js';
import { CentralDatabase } from '../../../tenancy/central/central-database.js';
import { KeyRing } from '../../../tenancy/keys/key-ring.js';
import type { Mode } from '../../../tenancy/tenant-context.js';
import type { AnyOpenAccount, ProviderDeps } from './provider-clients.js';
import { accountAad, openAccount } from './sealed-account.js';
import { webhookKeyOf } from './webhook-parsers.js';

/** What proves a webhook, and until when. */
export interface WebhookKey {
  readonly key: string;
  /** Null for the key of now. */
  readonly until: Date | null;
}

/** An account as its webhooks find it. */
export interface WebhookAccount {
  readonly id: string;
  readonly provider: ProviderName;
  readonly mode: Mode;
  readonly tenantId: string;
  readonly databaseId: string;
  /** Any one of them proves a webhook; empty where the provider proves nothing. */
  readonly webhookKeys: readonly WebhookKey[];
}

const WITH_OWNER = { database: { select: { mode: true, tenantId: true } } } as const;

type AccountWithOwner = PaymentAccount & { readonly database: { mode: string; tenantId: string } };

/** Tenants' accounts with payment providers. They are read when they are needed: a key that was changed is gone at once. */
@Injectable()
export class ProviderAccounts {
  readonly deps: ProviderDeps;
  private readonly tokenHash: KeyedHash;

  constructor(
    private readonly central: CentralDatabase,
    private readonly ring: KeyRing,
    @Inject(HASH_KEY) hashKey: Buffer,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) log: Logger,
  ) {
    this.tokenHash = new KeyedHash(hashKey, 'provider-webhook');
    const tokens = { read: this.readToken.bind(this), keep: this.keepToken.bind(this) };
    this.deps = { urls: config.providerUrls, calls: new GuardedCalls(), log, clock: systemClock, tokens };
  }

  /** The account of a tenant database with a provider, also one that is switched off: its payments are still asked after. */
  async open(databaseId: string, provider: ProviderName): Promise<AnyOpenAccount | null> {
    const row = await this.central.db.paymentAccount.findUnique({
      where: { tenantDatabaseId_provider: { tenantDatabaseId: databaseId, provider } },
      include: WITH_OWNER,
    });
    return row && openAccount(this.ring, row, this.config.publicUrl);
  }

  /** The accounts of a tenant database that new payments may go to. Nothing of them is opened. */
  usable(databaseId: string): Promise<PaymentAccount[]> {
    return this.central.db.paymentAccount.findMany({
      where: { tenantDatabaseId: databaseId, enabled: true },
      orderBy: [{ priority: 'asc' }, { id: 'asc' }],
    });
  }

  /**
   * The account whose webhook address has this token, with what its webhooks may be proved by, also one that is switched
   * off. Null for a token of nobody's, or of another provider's account.
   */
  async ofWebhook(provider: ProviderName, token: string): Promise<WebhookAccount | null> {
    const row = await this.central.db.paymentAccount.findUnique({
      where: { webhookTokenHash: this.hashOfToken(token) },
      include: WITH_OWNER,
    });
    return row?.provider === provider ? this.asWebhooksFindIt(row) : null;
  }

  /** The same by the tenant database that a webhook names. */
  async ofDatabase(provider: ProviderName, databaseId: string): Promise<WebhookAccount | null> {
    const row = await this.central.db.paymentAccount.findUnique({
      where: { tenantDatabaseId_provider: { tenantDatabaseId: databaseId, provider } },
      include: WITH_OWNER,
    });
    return row && this.asWebhooksFindIt(row);
  }

  /** What is kept of the token of a webhook address. */
  hashOfToken(token: string): string {
    return this.tokenHash.of(token);
  }

  /** Its key of now, and the one of before while its overlap lasts. */
  private async asWebhooksFindIt(row: AccountWithOwner): Promise<WebhookAccount> {
    const { provider, mode, credentials } = await openAccount(this.ring, row, this.config.publicUrl);
    const key = webhookKeyOf(provider, credentials);
    const { previousKeySealed: sealed, previousKeyUntil: until } = row;
    const isOldGood = sealed !== null && until !== null && until > this.deps.clock.now();
    const old = isOldGood ? await this.ring.open(sealed, accountAad(row.id)) : null;
    return {
      id: row.id,
      provider,
      mode,
      tenantId: row.database.tenantId,
      databaseId: row.tenantDatabaseId,
      webhookKeys: [
        ...(key === null ? [] : [{ key, until: null }]),
        ...(old === null ? [] : [{ key: old, until }]),
      ],
    };
  }

  private async readToken(id: string) {
    const row = await this.central.db.paymentAccount.findUnique({
      where: { id },
      select: { accessTokenSealed: true, accessTokenUntil: true },
    });
    if (!row?.accessTokenSealed || !row.accessTokenUntil) return null;
    return { text: await this.ring.open(row.accessTokenSealed, accountAad(id)), until: row.accessTokenUntil };
  }

  private async keepToken(id: string, { text, until }: { text: string; until: Date }): Promise<void> {
    const accessTokenSealed = await this.ring.seal(text, accountAad(id));
    await this.central.db.paymentAccount.updateMany({
      where: { id },
      data: { accessTokenSealed, accessTokenUntil: until },
    });
  }
}
