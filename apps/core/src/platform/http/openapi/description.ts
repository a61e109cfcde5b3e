import { type ErrorDefinition, errorCatalogue } from '../../errors/define-error.js';
import { IDEMPOTENCY_KEY_LENGTH_MAX } from '../idempotency-key.js';
import { JSON_DEPTH_MAX } from '../scan-json.js';

const INTRODUCTION = `
Billing for SaaS companies: customers, plans, subscriptions, invoices and payments. Every tenant has databases of its own.

## Authentication
Send \`Authorization: Bearer <credential>\`: an API key (\`sk_test_…\`, \`sk_live_…\`; its prefix picks the test or live
database) or the access token of a person who logged in, who picks with the header \`Nova-Mode: test\` (the default) or \`live\`.

## Conventions
- JSON in UTF-8, camelCase. Unknown keys in a body or query are refused with a pointer to the key, as is a key that is there
  twice. At most ${JSON_DEPTH_MAX} levels deep.
- Amounts are integers in minor units of their \`currency\` (1050 is 10.50 KES; UGX, RWF, XOF and XAF have no minor unit). Unit
  prices are decimal strings in minor units and may be finer than one.
- Moments are ISO 8601 in UTC.
- Where an id is accepted, your own \`externalId\` is, too.
- Lists answer \`{object: "list", data, hasMore, nextCursor}\`. \`limit\` is 1 to 100; give \`nextCursor\` as \`cursor\` to read on.
- \`PATCH\` merges: what is not named stays. Objects with a version carry an \`ETag\`; with \`If-Match\` a change of another
  version is refused with 412.
- Every \`POST\` takes an \`Idempotency-Key\` of your choice (${IDEMPOTENCY_KEY_LENGTH_MAX} printable characters at most; a UUID is
  good). Repeat a request whose answer you did not get with the same key: it has one effect, and within 24 hours the repetition is
  answered as the first was, with \`Idempotent-Replayed: true\`. While the first is still running the answer is 409
  \`idempotency_in_progress\` with \`Retry-After\`; for another request under the same key it is 422 \`idempotency_key_reused\`.
  Failures (4xx and 5xx) are not kept: the same key may try again. Keys are told apart by tenant and mode, and are shared by a
  tenant's API keys, so that rolling one does not matter; people have their own. Logging in, refreshing and logging out ignore them.
- Every answer has a \`Request-Id\`; send one of your own (at most 64 characters of \`A-Z a-z 0-9 . _ : -\`) and it is kept.
- Every route answers under \`/api/v1\` as well.

## Errors
Every answer of 400 and above is \`application/problem+json\` (RFC 9457), the schema \`Problem\`. \`code\` is stable: write
programs against it. \`errors\` names the places at fault: a JSON Pointer into the body, \`?key\` for the query, \`{name}\` for the path.
`;

/** The document's description: the conventions, and the catalogue of every error code. */
export function documentDescription(): string {
  return [INTRODUCTION.trim(), '', ...catalogueTable(errorCatalogue())].join('\n');
}

function catalogueTable(catalogue: readonly ErrorDefinition[]): string[] {
  const rows = catalogue.map(({ code, status, title }) => `| \`${code}\` | ${status} | ${title} |`);
  return ['| code | status | meaning |', '| --- | --- | --- |', ...rows];
}
