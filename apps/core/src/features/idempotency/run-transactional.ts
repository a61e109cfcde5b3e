import type { TenantContext } from '../../tenancy/tenant-context.js';
import type { Answer, GivenAnswer } from './answer.js';
import { joinedContext } from './joined-context.js';
import type { KeyedRequest } from './keyed-request.js';
import { lookUp } from './record-queries.js';
import { insertAnswered, tenantAnswer } from './tenant-records.js';

/**
 * Runs a handler and stores its answer in one transaction: both are there afterwards, or neither. The handler may be
 * called again from its start, as any work of a transaction. A failure rolls everything back, so the same key may be
 * tried again; a process that dies leaves nothing behind that would have to be waited for.
 * @throws idempotency_in_progress, idempotency_key_reused, tenant_schema_behind, and what the handler throws
 */
export async function runTransactional(
  ctx: TenantContext,
  request: KeyedRequest,
  handler: (joined: TenantContext) => Promise<Answer>,
): Promise<GivenAnswer> {
  return ctx.transaction(async (tx) => {
    const known = await lookUp(tx.db, request);
    if (known.kind === 'answered') return { answer: tenantAnswer(known.row), isReplay: true };
    const answer = await handler(joinedContext(ctx, tx));
    await insertAnswered(tx.db, request, answer);
    return { answer, isReplay: false };
  });
}
