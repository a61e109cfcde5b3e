import {
  bulkhead,
  circuitBreaker,
  ConsecutiveBreaker,
  handleWhenResult,
  type IPolicy,
  isBrokenCircuitError,
  isBulkheadRejectedError,
  TaskCancelledError,
  timeout,
  TimeoutStrategy,
  wrap,
} from 'cockatiel';
import { LRUCache } from 'lru-cache';

/** How calls to one account at one company are held in. */
export interface GuardLimits {
  /** The longest that a call may take from its first byte to its last. */
  readonly totalMs: number;
  readonly callsAtOnce: number;
  readonly callsWaiting: number;
  /** After so many failures in a row nobody is asked for `restMs`. */
  readonly failuresInARow: number;
  readonly restMs: number;
}

export const GUARD_LIMITS: GuardLimits = {
  totalMs: 30_000,
  callsAtOnce: 8,
  callsWaiting: 32,
  failuresInARow: 5,
  restMs: 15_000,
};

/** Why a call has no answer. Of `not_sent` it is certain that nothing has left this process. */
export interface NoAnswer {
  readonly kind: 'no_answer';
  readonly reason: string;
  readonly sent: 'not_sent' | 'perhaps';
}

/** Accounts whose guards are remembered; one that is forgotten begins anew with a closed circuit. */
const ACCOUNTS_MAX = 5_000;
/** So many calls without an answer in a row, whoever's they were, and the place itself is left alone for a while. */
const SILENCES_IN_A_ROW = 10;

/** Whose call it is, and where it goes. */
interface GuardedAccount {
  /** A key such as `paystack:ppa_1`. */
  readonly account: string;
  /** The host that is called: where it does not answer, it answers none of its accounts. */
  readonly place?: string;
  readonly limits?: GuardLimits;
}

/**
 * A time-out, a circuit breaker and a bulkhead for every account at every provider, each its own: where one tenant's
 * provider is dead or slow, nobody else waits. Beside them there is a circuit breaker for each place, which heeds nothing
 * but silence: a provider that is away is not waited for by each of its tenants in turn, while workers have other work.
 */
export class GuardedCalls {
  private readonly policies = new LRUCache<string, IPolicy>({ max: ACCOUNTS_MAX });
  private readonly places = new Map<string, IPolicy>();

  /**
   * Makes a call of an account. `failed` tells of an answer whether it speaks for a provider in trouble. A call that
   * throws is one without an answer.
   */
  async run<T extends object>(
    { account, place = account, limits = GUARD_LIMITS }: GuardedAccount,
    call: (signal: AbortSignal) => Promise<T>,
    failed: (answer: T) => boolean,
  ): Promise<T | NoAnswer> {
    const policy = this.policyOf({ account, place, limits });
    try {
      const { answer } = await policy.execute<Judged<T>>(async ({ signal }) => {
        const given: T | NoAnswer = await call(signal).catch(transportFailure);
        return { answer: given, ill: isNoAnswer(given) || failed(given) };
      });
      return answer;
    } catch (error) {
      return refusal(error);
    }
  }

  private policyOf({ account, place, limits }: Required<GuardedAccount>): IPolicy {
    const known = this.policies.get(account);
    if (known) return known;
    const made = wrap(
      bulkhead(limits.callsAtOnce, limits.callsWaiting),
      circuitBreaker(
        // That the place is left alone says nothing of the account.
        handleWhenResult((result) => (result as Judged<object>).ill).orWhen(
          (error) => !isBrokenCircuitError(error),
        ),
        { halfOpenAfter: limits.restMs, breaker: new ConsecutiveBreaker(limits.failuresInARow) },
      ),
      this.breakerOf(place, limits.restMs),
      timeout(limits.totalMs, TimeoutStrategy.Aggressive),
    );
    this.policies.set(account, made);
    return made;
  }

  private breakerOf(place: string, restMs: number): IPolicy {
    const known = this.places.get(place);
    if (known) return known;
    const made = circuitBreaker(
      handleWhenResult((result) => isNoAnswer((result as Judged<object>).answer)).orWhen(() => true),
      { halfOpenAfter: restMs, breaker: new ConsecutiveBreaker(SILENCES_IN_A_ROW) },
    );
    this.places.set(place, made);
    return made;
  }
}

interface Judged<T> {
  readonly answer: T | NoAnswer;
  /** Whether it speaks for a provider in trouble. */
  readonly ill: boolean;
}

function isNoAnswer(answer: object): answer is NoAnswer {
  return 'kind' in answer && answer.kind === 'no_answer';
}

function transportFailure(error: unknown): NoAnswer {
  const { code, message } = error as { code?: string; message?: string };
  const sent = code !== undefined && NEVER_CONNECTED.has(code) ? 'not_sent' : 'perhaps';
  return { kind: 'no_answer', reason: code ?? message ?? 'the call failed', sent };
}

/** Failures of a call that never had a connection. */
const NEVER_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CONNECT_TIMEOUT',
]);

function refusal(error: unknown): NoAnswer {
  if (isBrokenCircuitError(error)) {
    return { kind: 'no_answer', reason: 'the provider has failed too often of late', sent: 'not_sent' };
  }
  if (isBulkheadRejectedError(error)) {
    return { kind: 'no_answer', reason: 'too many calls wait for the provider', sent: 'not_sent' };
  }
  // Not by cockatiel's isTaskCancelledError, which looks for another error's mark (3.2.1).
  if (error instanceof TaskCancelledError) return { kind: 'no_answer', reason: 'timed out', sent: 'perhaps' };
  throw error;
}
