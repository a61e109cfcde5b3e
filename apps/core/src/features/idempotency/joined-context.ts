import { writeWithin } from '../../tenancy/context/write-within.js';
import type { TenantContext, TenantDatabaseClient, TenantTransaction } from '../../tenancy/tenant-context.js';

/**
 * The context of a handler all of whose reads and writes are part of one transaction: `ctx.db` reads through it and
 * sees what it has written, and `ctx.transaction` is a savepoint in it. So a verb that catches a failed write of its
 * own and goes on still works, and what it wants done after commit is done after the commit of the whole.
 */
export function joinedContext(ctx: TenantContext, tx: TenantTransaction): TenantContext {
  return {
    ...ctx,
    // What the client has and the transaction lacks is of no use to verbs: connecting, and transactions of its own.
    db: tx.db as TenantDatabaseClient,
    transaction: (work) => inSavepoint(tx, work),
    read: ({ text, values }) => tx.db.$queryRawUnsafe(text, ...values),
    write: (statement, due) => inSavepoint(tx, (joined) => writeWithin(joined, statement, due)),
  };
}

/** A failure for which the whole transaction has to be run again passes through to who began it, like any other. */
async function inSavepoint<T>(
  tx: TenantTransaction,
  work: (tx: TenantTransaction) => Promise<T>,
): Promise<T> {
  await tx.db.$executeRaw`SAVEPOINT joined`;
  try {
    const result = await work(tx);
    await tx.db.$executeRaw`RELEASE SAVEPOINT joined`;
    return result;
  } catch (error) {
    // On a connection that was lost there is nothing to roll back, and the first failure is the one to tell.
    await tx.db.$executeRaw`ROLLBACK TO SAVEPOINT joined`.catch(() => 0);
    throw error;
  }
}
