import type { CentralTransaction } from './central-database.js';

/** What a caller adds to the transaction of a verb: done with its result as the last thing, or the verb is undone. */
export type BeforeCommit<T> = (tx: CentralTransaction, result: T) => Promise<void>;

/** For callers that add nothing. */
export const nothingMore = (): Promise<void> => Promise.resolve();
