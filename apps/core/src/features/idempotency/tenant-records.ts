import { z } from 'zod';

import type { TenantContext } from '../../tenancy/tenant-context.js';
import type { Answer } from './answer.js';
import type { KeyedRequest } from './keyed-request.js';
import { KEPT_HOURS, type RecordDb, type RecordRow } from './record-queries.js';
import type { RecordStore } from './record-store.js';

const HeadersSchema = z.record(z.string(), z.string());
/** The wire's text as a JSON string: as a JSON object PostgreSQL would put its keys in an order of its own. */
const BodySchema = z.string().nullable();
const PlanSchema = z.object({ plan: z.string() });

/** Records in a tenant's database, beside the data of which the answers speak. */
export function tenantRecords(ctx: TenantContext): RecordStore {
  return {
    transaction: (work) => ctx.transaction((tx) => work(tx.db)),
    readAnswer: (row) => Promise.resolve(tenantAnswer(row)),
    readPlan: (row) => Promise.resolve(PlanSchema.safeParse(row.body).data?.plan ?? null),
    writePlan: async (db, { request, lockedUntil }, plan) =>
      (await db.$executeRaw`
        UPDATE idempotency_records SET body = ${JSON.stringify({ plan })}::jsonb
        WHERE scope = ${request.scope} AND key = ${request.key} AND status = 'running'
          AND locked_until = ${lockedUntil}::timestamptz`) > 0,
    writeAnswer: async (db, { request, lockedUntil }, { status, headers, body }) =>
      (await db.$executeRaw`
        UPDATE idempotency_records SET status = 'finished', status_code = ${status},
          headers = ${JSON.stringify(headers)}::jsonb, body = ${JSON.stringify(body)}::jsonb
        WHERE scope = ${request.scope} AND key = ${request.key} AND status = 'running'
          AND locked_until = ${lockedUntil}::timestamptz`) > 0,
  };
}

/** The answer that a finished record of a tenant's database holds. */
export function tenantAnswer({ status_code, headers, body }: RecordRow): Answer {
  return {
    status: z.int().parse(status_code),
    headers: HeadersSchema.parse(headers),
    body: BodySchema.parse(body),
  };
}

/** Writes the record of a request that began and ended in this very transaction. */
export async function insertAnswered(db: RecordDb, request: KeyedRequest, answer: Answer): Promise<void> {
  const { scope, key, route, requestHash } = request;
  await db.$executeRaw`
    INSERT INTO idempotency_records
      (scope, key, route, request_hash, status, locked_until, expires_at, status_code, headers, body)
    VALUES (${scope}, ${key}, ${route}, ${requestHash}, 'finished', clock_timestamp(),
      clock_timestamp() + make_interval(hours => ${KEPT_HOURS}), ${answer.status},
      ${JSON.stringify(answer.headers)}::jsonb, ${JSON.stringify(answer.body)}::jsonb)
    ON CONFLICT (scope, key) DO UPDATE SET status = excluded.status, locked_until = excluded.locked_until,
      status_code = excluded.status_code, headers = excluded.headers, body = excluded.body`;
}
