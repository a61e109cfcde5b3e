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

/**
 * A time-out, a circuit breaker and a bulkhead for every account at every provider, each its own: where one tenant's
 * provider is dead or slow, nobody else waits.
 */
export class GuardedCalls {
  private readonly policies = new LRUCache<string, IPolicy>({ max: ACCOUNTS_MAX });

  /**
   * Makes a call of `account`, a key such as `paystack:ppa_1`. `failed` tells of an answer whether it speaks for a
   * provider in trouble. A call that throws is one without an answer.
   */
  async run<T extends object>(
    { account, limits = GUARD_LIMITS }: { account: string; limits?: GuardLimits },
    call: (signal: AbortSignal) => Promise<T>,
    failed: (answer: T) => boolean,
  ): Promise<T | NoAnswer> {
    const policy = this.policyOf(account, limits);
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

  private policyOf(account: string, limits: GuardLimits): IPolicy {
    const known = this.policies.get(account);
    if (known) return known;
    const made = wrap(
      bulkhead(limits.callsAtOnce, limits.callsWaiting),
      circuitBreaker(
        handleWhenResult((result) => (result as Judged<object>).ill).orWhen(() => true),
        { halfOpenAfter: limits.restMs, breaker: new ConsecutiveBreaker(limits.failuresInARow) },
      ),
      timeout(limits.totalMs, TimeoutStrategy.Aggressive),
    );
    this.policies.set(account, made);
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
