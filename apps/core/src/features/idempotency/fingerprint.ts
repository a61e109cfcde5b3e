/** What makes two requests the same one, whatever the order of their keys. */
export interface RequestContent {
  /** The operation, for example `POST /api/customers/:id/payment-methods`. */
  route: string;
  /** test, live, or null for what is about the account. */
  mode: string | null;
  params: unknown;
  query: unknown;
  body: unknown;
}

/** The content as one text that is the same for two requests that ask for the same. */
export function canonicalContent({ route, mode, params, query, body }: RequestContent): string {
  return canonicalJson([route, mode, params ?? null, query ?? null, body ?? null]);
}

/** JSON with the keys of every object in order. The values came out of JSON, or are strings of the URL. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (isPlainObject(part) ? sortedByKey(part) : part));
}

function isPlainObject(part: unknown): part is Record<string, unknown> {
  return typeof part === 'object' && part !== null && !Array.isArray(part);
}

/** Without a prototype, so that a key such as `__proto__` is a key like any other. */
function sortedByKey(part: Record<string, unknown>): Record<string, unknown> {
  const sorted = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(part).sort()) sorted[key] = part[key];
  return sorted;
}
