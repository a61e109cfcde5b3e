/** Keys whose values are never written to the log, wherever they stand in an object. */
const SECRET_KEY =
  /^(authorization|cookie|set-cookie|.*password.*|.*secret.*|.*token|otp|pin|cvv|card_?number|api_?key|encryption_?key|x-api-key)$/i;

/** Texts that are secrets by their form: our keys, JWTs, bearer tokens, and passwords in URLs. */
const SECRET_TEXTS: readonly [RegExp, string][] = [
  [/\b((?:sk|rk)_(?:test|live)_)[A-Za-z0-9]{8,}/g, '$1[redacted]'],
  // Refresh tokens and invitations.
  [/\b(nrt_ses_|nvi_)[\w.-]{8,}/g, '$1[redacted]'],
  [/\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+/g, '[redacted]'],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, '$1 [redacted]'],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s@]+(@)/gi, '$1[redacted]$2'],
];

const REDACTED = '[redacted]';
const DEPTH_MAX = 8;

/** A text without the secrets in it. */
export function redactText(text: string): string {
  return SECRET_TEXTS.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
}

/** A copy of what is to be logged, without secrets. Errors keep their message, stack, code and cause. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth >= DEPTH_MAX) return '[deeper]';
  if (value instanceof Error) return redactError(value, depth);
  if (Buffer.isBuffer(value)) return `[${value.length} bytes]`;
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return redactEntries(value, depth);
}

function redactEntries(value: object, depth: number): Record<string, unknown> {
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [
    key,
    SECRET_KEY.test(key) && item !== null && item !== undefined ? REDACTED : redact(item, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  return {
    type: error.name,
    message: redactText(error.message),
    stack: redactText(error.stack ?? ''),
    ...('code' in error ? { code: redact(error.code, depth + 1) } : {}),
    ...(error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1) }),
    ...(error instanceof AggregateError ? { errors: redact(error.errors, depth + 1) } : {}),
  };
}
