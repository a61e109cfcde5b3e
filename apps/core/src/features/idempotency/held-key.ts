import { clearInterval, setInterval } from 'node:timers';

import type { Logger } from 'pino';

import { problemOf } from '../../platform/http/problem-of.js';
import type { Answer } from './answer.js';
import { forget, type Held, type RecordDb, release, renew } from './record-queries.js';
import type { RecordStore } from './record-store.js';

/** A third of the lease, so that two signs of life may be lost. */
const RENEW_EVERY_MS = 5_000;

export interface Beginning {
  readonly held: Held;
  /** What an earlier run of the same request had decided before its process died. */
  readonly plan: string | null;
  readonly isResumed: boolean;
}

/** A key that a request of this process works under, until it is answered or given up. */
export class HeldKey {
  readonly isResumed: boolean;
  private readonly heartbeat: NodeJS.Timeout;
  private held: Held;
  private plan: string | null;
  /** What was last done to the record: one thing at a time, since each goes by the lease that the one before left. */
  private lastTurn: Promise<unknown> = Promise.resolve();
  private isAnswered = false;

  constructor(
    private readonly store: RecordStore,
    private readonly log: Logger,
    beginning: Beginning,
  ) {
    this.held = beginning.held;
    this.plan = beginning.plan;
    this.isResumed = beginning.isResumed;
    this.heartbeat = setInterval(() => {
      void this.inTurn(() => this.renew());
    }, RENEW_EVERY_MS).unref();
  }

  /** Decides something once for all runs of the request: the first says what, later ones are told. */
  async decide(make: () => string): Promise<string> {
    if (this.plan !== null) return this.plan;
    const plan = make();
    const isMine = await this.inTurn(() =>
      this.store.transaction((db) => this.store.writePlan(db, this.held, plan)),
    );
    if (!isMine) throw lost();
    return (this.plan = plan);
  }

  /** Stores the answer in the transaction of the effect, which fails when another process has taken the key over. */
  async answerWithin(db: RecordDb, answer: Answer): Promise<void> {
    await this.stop();
    if (!(await this.store.writeAnswer(db, this.held, answer))) throw lost();
    this.isAnswered = true;
  }

  /** Stores the answer when the effect is done, unless that was done with it. */
  async answer(answer: Answer): Promise<void> {
    await this.stop();
    if (this.isAnswered) return;
    const isMine = await this.store.transaction((db) => this.store.writeAnswer(db, this.held, answer));
    // Whoever took it over comes to the same: that is what a resumable route promises.
    if (!isMine)
      this.log.warn({ route: this.held.request.route }, 'A key was taken over while it was in use.');
  }

  /**
   * Ends a request that failed. What it did not begin leaves no trace; what it may have begun is left to the next
   * request with this key. If this fails, too, the lease runs out.
   */
  async giveUp(error: unknown): Promise<void> {
    await this.stop();
    const mayHaveBegun = this.plan !== null && problemOf(error).definition.status >= 500;
    const end = this.isResumed || mayHaveBegun ? release : forget;
    try {
      await this.store.transaction((db) => end(db, this.held));
    } catch (err) {
      this.log.warn({ err }, 'An Idempotency-Key stays locked until its lease ends.');
    }
  }

  private async stop(): Promise<void> {
    clearInterval(this.heartbeat);
    await this.lastTurn;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.lastTurn.then(work);
    this.lastTurn = turn.catch(() => undefined);
    return turn;
  }

  private async renew(): Promise<void> {
    try {
      const lockedUntil = await this.store.transaction((db) => renew(db, this.held));
      if (lockedUntil === null) clearInterval(this.heartbeat);
      else this.held = { ...this.held, lockedUntil };
    } catch (err) {
      this.log.warn({ err }, 'The lease on an Idempotency-Key could not be renewed.');
    }
  }
}

function lost(): Error {
  return new Error(
    'Another process has taken the Idempotency-Key over, since this one was silent for too long.',
  );
}
