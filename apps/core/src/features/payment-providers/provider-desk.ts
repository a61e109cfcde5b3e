import { Inject, Injectable } from '@nestjs/common';
import type { PaymentAccount } from '@nova/prisma-central';

import { type Clock, systemClock } from '../../platform/clock/clock.js';
import { CONFIG } from '../../platform/config/config.module.js';
import type { Config } from '../../platform/config/config.schema.js';
import { HASH_KEY } from '../../platform/crypto/hash-key.js';
import { KeyedHash } from '../../platform/crypto/keyed-hash.js';
import { notFound } from '../../platform/errors/common-errors.js';
import { CentralDatabase, type CentralTransaction } from '../../tenancy/central/central-database.js';
import { KeyRing } from '../../tenancy/keys/key-ring.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import type { Caller } from '../audit/caller.js';
import { ProviderAccounts } from '../payments/providers/provider-accounts.js';

/** What the verbs about tenants' accounts with payment providers work with. */
@Injectable()
export class ProviderDesk {
  readonly central: CentralDatabase['db'];
  readonly publicUrl: string;
  /** Keys and their overlaps live in real time, whatever a tenant's test clock says. */
  readonly clock: Clock = systemClock;
  private readonly keyHash: KeyedHash;

  constructor(
    { db }: CentralDatabase,
    readonly ring: KeyRing,
    readonly accounts: ProviderAccounts,
    @Inject(HASH_KEY) hashKey: Buffer,
    @Inject(CONFIG) { publicUrl }: Config,
  ) {
    this.central = db;
    this.publicUrl = publicUrl;
    this.keyHash = new KeyedHash(hashKey, 'provider-key');
  }

  /** What is shown of a key: its last four characters, and a hash that tells the same key again. */
  partsOf(key: string): { hint: string; fingerprint: string } {
    return { hint: key.slice(-4), fingerprint: this.keyHash.of(key).slice(0, 16) };
  }

  /** The account of an id, of the tenant database of `ctx` only. @throws notFound */
  async require(
    ctx: TenantContext,
    id: string,
    db: CentralTransaction | CentralDatabase['db'] = this.central,
  ): Promise<PaymentAccount> {
    const row = await db.paymentAccount.findFirst({ where: { id, tenantDatabaseId: ctx.databaseId } });
    if (!row) throw notFound('There is no such payment provider.');
    return row;
  }

  /** The same, with its row held until the transaction ends. @throws notFound */
  async lock(ctx: TenantContext, id: string, tx: CentralTransaction): Promise<PaymentAccount> {
    await tx.$queryRaw`SELECT id FROM payment_accounts WHERE id = ${id} FOR UPDATE`;
    return this.require(ctx, id, tx);
  }
}

/** Who acts, for the audit log of central. */
export function callerOf({ tenantId, actor, ip, requestId }: TenantContext): Caller {
  return { tenantId, actor: { type: actor.type, id: actor.id }, ip, requestId };
}
