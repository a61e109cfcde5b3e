import { setTimeout as sleep } from 'node:timers/promises';

import type { TenantTransaction } from '../tenant-context.js';
import { type CommittedEffects, tenantTransaction } from './committed-effects.js';
import { isRetryable } from './retryable.js';
import type { Author } from './author.js';
import type { AuthoredScope } from './open-databases.js';

const ATTEMPTS = 5;
const BACKOFF_MS = 10;
const TRANSACTION_LIMIT_MS = 30_000;
const CONNECTION_WAIT_MS = 5_000;

export interface Commit<T> {
  result: T;
  effects: CommittedEffects;
}

/** A failure of the commit itself, after which nobody here knows whether the transaction was committed. */
export class CommitInDoubt extends Error {
  constructor(override readonly cause: unknown) {
    super('It is not known whether the transaction was committed.', { cause });
    this.name = 'CommitInDoubt';
  }
}

/**
 * Runs `work` in a transaction, and again from its start when PostgreSQL rolled it back for the sake of another.
 * @throws CommitInDoubt when the connection was lost while committing
 */
export async function commitWithRetries<T>(
  scope: AuthoredScope,
  work: (tx: TenantTransaction) => Promise<T>,
  beforeAttempt: () => Promise<void>,
): Promise<Commit<T>> {
  for (let attempt = 1; ; attempt++) {
    await beforeAttempt();
    const effects: CommittedEffects = { jobs: 0, due: new Map() };
    let workIsDone = false;
    try {
      const result = await scope.database.prisma.$transaction(
        async (db) => {
          if (scope.author) await nameAuthor(db, scope.author);
          const outcome = await work(tenantTransaction(scope, db, effects));
          workIsDone = true;
          return outcome;
        },
        { isolationLevel: 'ReadCommitted', timeout: TRANSACTION_LIMIT_MS, maxWait: CONNECTION_WAIT_MS },
      );
      return { result, effects };
    } catch (error) {
      if (!isRetryable(error)) throw workIsDone ? new CommitInDoubt(error) : error;
      if (attempt === ATTEMPTS) throw error;
      await sleep(BACKOFF_MS * 2 ** attempt * (0.5 + Math.random()));
    }
  }
}

/** Says who writes, for this transaction only: the triggers of the audit log read it. */
async function nameAuthor(db: TenantTransaction['db'], author: Author): Promise<void> {
  await db.$executeRaw`SELECT set_config('nova.actor', ${JSON.stringify(author)}, true)`;
}
