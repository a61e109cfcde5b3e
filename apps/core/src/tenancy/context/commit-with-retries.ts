import { setTimeout as sleep } from 'node:timers/promises';

import { ProblemError } from '../../platform/errors/define-error.js';
import { sqlStateOf } from '../../platform/postgres/sql-state.js';
import type { DueKind } from '../due-work/due-kinds.js';
import type { Statement, TenantTransaction } from '../tenant-context.js';
import { type CommittedEffects, tenantTransaction } from './committed-effects.js';
import { isRetryable } from './retryable.js';
import type { Author } from './author.js';
import type { AuthoredScope, WriteScope } from './open-databases.js';

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
  return withRetries(beforeAttempt, async () => {
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
      throw workIsDone && !isRetryable(error) ? new CommitInDoubt(error) : error;
    }
  });
}

/**
 * Runs a statement that is a transaction by itself, and again when PostgreSQL rolled it back for the sake of another.
 * @throws CommitInDoubt when the connection was lost before PostgreSQL answered
 */
export function commitStatement(
  { database }: WriteScope,
  statement: Statement,
  due: ReadonlyMap<DueKind, Date>,
  beforeAttempt: () => Promise<void>,
): Promise<Commit<void>> {
  return withRetries(beforeAttempt, async () => {
    try {
      await database.query(statement);
      return { result: undefined, effects: { jobs: 0, due: new Map(due) } };
    } catch (error) {
      // A catalogued error is of before the statement was sent: no connection could be had.
      const isAnswered = sqlStateOf(error) !== null || error instanceof ProblemError;
      throw isAnswered ? error : new CommitInDoubt(error);
    }
  });
}

async function withRetries<T>(
  beforeAttempt: () => Promise<void>,
  attemptIt: () => Promise<Commit<T>>,
): Promise<Commit<T>> {
  for (let attempt = 1; ; attempt++) {
    await beforeAttempt();
    try {
      return await attemptIt();
    } catch (error) {
      if (attempt === ATTEMPTS || !isRetryable(error)) throw error;
      await sleep(BACKOFF_MS * 2 ** attempt * (0.5 + Math.random()));
    }
  }
}

/** Says who writes, for this transaction only: the triggers of the audit log read it. */
async function nameAuthor(db: TenantTransaction['db'], author: Author): Promise<void> {
  await db.$executeRaw`SELECT set_config('nova.actor', ${JSON.stringify(author)}, true)`;
}
