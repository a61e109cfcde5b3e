import { Injectable } from '@nestjs/common';

import type { TenantContext, TenantTransaction } from '../tenant-context.js';

/** What is added to a transaction in the platform's own books, as the last thing before its commit. */
export type BookEntry = (ctx: TenantContext, tx: TenantTransaction) => Promise<void>;

/**
 * The platform's own books are the live database of its own tenant. Whoever follows what is written there, such as the
 * plans of tenants, adds an entry to every transaction of it: so nothing that changes them, whichever verb it is, can
 * be forgotten.
 */
@Injectable()
export class PlatformBooks {
  private entry: BookEntry | null = null;

  /** One feature follows the books. */
  follow(entry: BookEntry): void {
    if (this.entry) throw new Error('The books of the platform are followed already.');
    this.entry = entry;
  }

  /** Whether something is added to the transactions of this context. */
  follows(ctx: TenantContext): boolean {
    return this.entry !== null && ctx.tenant.kind === 'platform' && ctx.mode === 'live';
  }

  /** The work of a transaction, which ends with the entry when it is about the books. */
  ending<T>(
    ctx: TenantContext,
    work: (tx: TenantTransaction) => Promise<T>,
  ): (tx: TenantTransaction) => Promise<T> {
    const { entry } = this;
    if (!entry || !this.follows(ctx)) return work;
    return async (tx) => {
      const result = await work(tx);
      await entry(ctx, tx);
      return result;
    };
  }
}
