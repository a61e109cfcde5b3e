/** How many requests of a kind are admitted within a window. */
export interface RateLimit {
  readonly quota: number;
  readonly windowSeconds: number;
}

/**
 * Every policy, with its limit where the environment says no other. The first six count what an API key or a session
 * does, test and live apart; the others count by address, e-mail address, session or page, for routes where nobody is known yet.
 */
export const RATE_LIMIT_DEFAULTS = {
  read: '1200/60',
  write: '600/60',
  ingest: '6000/60',
  otp: '20/60',
  sms: '300/60',
  assistant: '60/60',
  login: '30/60',
  login_email: '20/900',
  register: '30/3600',
  register_email: '10/3600',
  refresh: '120/60',
  refresh_session: '30/60',
  authentication: '120/60',
  page: '600/60',
  page_payment: '60/60',
  page_payment_link: '20/600',
} as const;

export type RatePolicy = keyof typeof RATE_LIMIT_DEFAULTS;
/** Null where the operator wants no limit. */
export type RateLimitTable = Readonly<Record<RatePolicy, RateLimit | null>>;

const QUOTA_MAX = 1_000_000_000;
const WINDOW_SECONDS_MAX = 86_400;

/** Reads `600/60` as 600 in 60 seconds and `off` as no limit; undefined when it is neither. */
export function parseRateLimit(text: string): RateLimit | null | undefined {
  if (text === 'off') return null;
  const [, quota, windowSeconds] = /^(\d{1,10})\/(\d{1,5})$/.exec(text) ?? [];
  const limit = { quota: Number(quota), windowSeconds: Number(windowSeconds) };
  const isWithin = limit.quota >= 1 && limit.quota <= QUOTA_MAX;
  return isWithin && limit.windowSeconds >= 1 && limit.windowSeconds <= WINDOW_SECONDS_MAX
    ? limit
    : undefined;
}
