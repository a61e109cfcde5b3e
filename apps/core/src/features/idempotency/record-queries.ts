import { idempotencyInProgress, idempotencyKeyReused } from '../../platform/http/idempotency.errors.js';
import type { KeyedRequest } from './keyed-request.js';

/** What the queries here need of a transaction on a tenant's database or on central: both have the table. */
export interface RecordDb {
  $queryRaw<T = unknown>(query: TemplateStringsArray, ...values: unknown[]): Promise<T>;
  $executeRaw(query: TemplateStringsArray, ...values: unknown[]): Promise<number>;
}

/** A row, with what the database's clock says of it. Where the answer stands differs between the two tables. */
export interface RecordRow {
  readonly status: 'running' | 'finished';
  readonly request_hash: string;
  readonly status_code: number | null;
  readonly is_expired: boolean;
  readonly is_lease_over: boolean;
  /** In a tenant's database. */
  readonly headers?: unknown;
  readonly body?: unknown;
  /** In central. */
  readonly sealed_body?: string | null;
}

/** What is known of a key: nothing, an answer, or a request that began and whose process died. */
export type Known =
  { readonly kind: 'nothing' } | { readonly kind: 'answered' | 'abandoned'; readonly row: RecordRow };

/** A process that takes a request on is believed to be alive for so long without a sign of it. */
const LEASE_SECONDS = 15;
/** For how long a key is known. */
export const KEPT_HOURS = 24;
const RETRY_AFTER = { 'retry-after': '1' };

/**
 * Takes the right to a key for the length of the transaction, and reads what is known of it. Who comes second is not
 * made to wait: a hundred at once would take all of a tenant's connections to do so.
 * @throws idempotency_in_progress, idempotency_key_reused, tenant_schema_behind from a database that has no such table yet
 */
export async function lookUp(db: RecordDb, request: KeyedRequest): Promise<Known> {
  const { scope, key } = request;
  const [lock] = await db.$queryRaw<{ is_mine: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${`idempotency ${scope} ${key}`}, 0)) AS is_mine`;
  if (!lock?.is_mine) throw inProgress();
  const [row] = await db.$queryRaw<RecordRow[]>`
    SELECT *, expires_at <= clock_timestamp() AS is_expired, locked_until <= clock_timestamp() AS is_lease_over
    FROM idempotency_records WHERE scope = ${scope} AND key = ${key}`;
  if (!row) return { kind: 'nothing' };
  if (row.is_expired) {
    await db.$executeRaw`DELETE FROM idempotency_records WHERE scope = ${scope} AND key = ${key}`;
    return { kind: 'nothing' };
  }
  if (row.request_hash !== request.requestHash) {
    throw idempotencyKeyReused(
      'This key belongs to a request with another route, path, query or body. Use a new key for a new request.',
    );
  }
  if (row.status === 'finished') return { kind: 'answered', row };
  if (!row.is_lease_over) throw inProgress();
  return { kind: 'abandoned', row };
}

function inProgress(): Error {
  return idempotencyInProgress('Wait a moment and repeat the request with the same key.', {
    headers: RETRY_AFTER,
  });
}

/** Writes down that a request begins, or goes on after its first process died. Answers until when it may be silent. */
export async function begin(db: RecordDb, request: KeyedRequest): Promise<Date> {
  const { scope, key, route, requestHash } = request;
  const [row] = await db.$queryRaw<{ locked_until: Date }[]>`
    INSERT INTO idempotency_records (scope, key, route, request_hash, status, locked_until, expires_at)
    VALUES (${scope}, ${key}, ${route}, ${requestHash}, 'running',
      clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}),
      clock_timestamp() + make_interval(hours => ${KEPT_HOURS}))
    ON CONFLICT (scope, key) DO UPDATE SET locked_until = excluded.locked_until
    RETURNING locked_until`;
  if (!row) throw new Error('A record was neither inserted nor updated.');
  return row.locked_until;
}

/** Who works on a running record: whoever knows its lease. One that was taken over is another's. */
export interface Held {
  readonly request: KeyedRequest;
  readonly lockedUntil: Date;
}

/** Prolongs the lease; null when it was lost. */
export async function renew(db: RecordDb, { request, lockedUntil }: Held): Promise<Date | null> {
  const [row] = await db.$queryRaw<{ locked_until: Date }[]>`
    UPDATE idempotency_records SET locked_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
    WHERE scope = ${request.scope} AND key = ${request.key} AND status = 'running'
      AND locked_until = ${lockedUntil}::timestamptz
    RETURNING locked_until`;
  return row?.locked_until ?? null;
}

/** Leaves what was begun to the next request with the same key. */
export async function release(db: RecordDb, { request, lockedUntil }: Held): Promise<void> {
  await db.$executeRaw`
    UPDATE idempotency_records SET locked_until = clock_timestamp()
    WHERE scope = ${request.scope} AND key = ${request.key} AND status = 'running'
      AND locked_until = ${lockedUntil}::timestamptz`;
}

/** Removes the record of a request that did nothing. */
export async function forget(db: RecordDb, { request, lockedUntil }: Held): Promise<void> {
  await db.$executeRaw`
    DELETE FROM idempotency_records
    WHERE scope = ${request.scope} AND key = ${request.key} AND status = 'running'
      AND locked_until = ${lockedUntil}::timestamptz`;
}

/** Removes what was kept long enough, some at a time so that no lock is held for long. */
export const REMOVE_EXPIRED_SQL = `
  DELETE FROM idempotency_records WHERE ctid IN
    (SELECT ctid FROM idempotency_records WHERE expires_at <= clock_timestamp() LIMIT $1)`;
