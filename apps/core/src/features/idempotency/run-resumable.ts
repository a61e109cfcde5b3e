import type { Logger } from 'pino';

import type { Answer, GivenAnswer } from './answer.js';
import { type Beginning, HeldKey } from './held-key.js';
import type { KeyedRequest } from './keyed-request.js';
import { begin, lookUp } from './record-queries.js';
import type { RecordStore } from './record-store.js';

/** Says how to run what cannot be one transaction under a key. */
export interface Resumable {
  readonly store: RecordStore;
  readonly request: KeyedRequest;
  readonly log: Logger;
  readonly handler: (key: HeldKey) => Promise<Answer>;
}

/**
 * Writes down that a request begins, runs its handler, and stores the answer. While its process lives, the same key is
 * refused; when that dies, the next request with the key takes over once the lease has ended, and the handler finds
 * out by what it had decided under the key how far the first came.
 * @throws idempotency_in_progress, idempotency_key_reused, and what the handler throws
 */
export async function runResumable({ store, request, log, handler }: Resumable): Promise<GivenAnswer> {
  const claim = await claimKey(store, request);
  if ('answer' in claim) return { answer: claim.answer, isReplay: true };
  const key = new HeldKey(store, log, claim);
  try {
    const answer = await handler(key);
    await key.answer(answer);
    return { answer, isReplay: false };
  } catch (error) {
    await key.giveUp(error);
    throw error;
  }
}

async function claimKey(store: RecordStore, request: KeyedRequest): Promise<Beginning | { answer: Answer }> {
  return store.transaction(async (db) => {
    const known = await lookUp(db, request);
    if (known.kind === 'answered') return { answer: await store.readAnswer(known.row, request) };
    const plan = known.kind === 'abandoned' ? await store.readPlan(known.row, request) : null;
    const held = { request, lockedUntil: await begin(db, request) };
    return { held, plan, isResumed: known.kind === 'abandoned' };
  });
}
