/** Keys whose values are never written to the log, wherever they stand in an object. */
const SECRET_KEY =
  /^(authorization|cookie|set-cookie|.*password.*|.*secret.*|.*token|otp|pin|cvv|card_?number|api_?key|encryption_?key|x-api-key)$/i;

/**
 * Texts that are secrets by their form: our keys, JWTs, bearer tokens, and passwords in URLs. Paths that strangers
 * choose go through these, so each takes a time that grows with the text's length and not with its square.
 */
const SECRET_TEXTS: readonly [RegExp, string][] = [
  [/\b((?:sk|rk)_(?:test|live)_)[A-Za-z0-9]{8,}/g, '$1[redacted]'],
  // Refresh tokens and invitations.
  [/\b(nrt_ses_|nvi_)[\w.-]{8,}/g, '$1[redacted]'],
  // Whatever begins as a JWT does is taken for one: looking for its two dots would search a long text again and again.
  [/\beyJ[\w-]{8,}[\w.-]*/g, '[redacted]'],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, '$1 [redacted]'],
  [/(:\/\/[^\s:/@]*:)[^\s@]{1,1000}(@)/g, '$1[redacted]$2'],
];

/** What any of the above has in it. Most texts have not, and are told by one look. */
const MAYBE_SECRET = /_(?:test|live)_|nrt_ses_|nvi_|eyJ|bearer|basic|:\/\//i;

const REDACTED = '[redacted]';
const DEPTH_MAX = 8;

/** A text without the secrets in it. */
export function redactText(text: string): string {
  if (!MAYBE_SECRET.test(text)) return text;
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

const knownKeys = new Map<string, boolean>();
const KNOWN_KEYS_MAX = 1_000;

/** Remembers its verdicts: the keys of log lines are few, and the same again and again. */
function isSecretKey(key: string): boolean {
  let secret = knownKeys.get(key);
  if (secret === undefined) {
    secret = SECRET_KEY.test(key);
    if (knownKeys.size < KNOWN_KEYS_MAX) knownKeys.set(key, secret);
  }
  return secret;
}

function redactEntries(value: object, depth: number): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const secret = item !== null && item !== undefined && isSecretKey(key);
    clean[key] = secret ? REDACTED : redact(item, depth + 1);
  }
  return clean;
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
