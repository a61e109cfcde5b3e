import type { CentralDatabase } from '../../tenancy/central/central-database.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import type { EnrolmentQueue } from './enrolment-queue.js';
import { codeOf, readOffers } from './offers.js';
import { STARTER } from './platform-plans.js';

/** As many as a worker can do until the next round. */
const PER_ROUND = 2_000;

interface Candidate {
  readonly id: string;
  readonly gone: boolean;
}

/**
 * Asks for everybody to be enrolled who is not: tenants of before there were books, and those whose registration was
 * cut off behind its last line. And for those to be taken out who were archived or are being deleted. Whoever has left a
 * plan, or never had one to get, is asked for once and not again in every round: the books say so.
 */
export async function enrolMissing(
  books: TenantContext,
  central: CentralDatabase,
  queue: Pick<EnrolmentQueue, 'add'>,
): Promise<void> {
  const starter = (await readOffers(books.db)).find((offer) => codeOf(offer) === STARTER);
  const offersStarter = starter?.prices.some(({ type }) => type === 'recurring') ?? false;
  let asked = 0;
  for (let after = ''; asked < PER_ROUND;) {
    const page = await readCandidates(central, after);
    const last = page.at(-1);
    if (!last) return;
    after = last.id;
    const settled = await settledAmong(books, page, offersStarter);
    for (const { id } of page.filter((candidate) => !settled.has(candidate.id))) {
      await queue.add(id);
      asked++;
    }
  }
}

/** Those of whom central's copy of entitlements looks as if something were to be done, by their ids. */
function readCandidates(central: CentralDatabase, after: string): Promise<Candidate[]> {
  return central.db.$queryRaw<Candidate[]>`
    SELECT t.id, t.status NOT IN ('active', 'suspended') AS gone FROM tenants t
     WHERE t.kind = 'customer' AND t.id > ${after}
       AND CASE WHEN t.status IN ('active', 'suspended')
                THEN NOT EXISTS (SELECT FROM tenant_entitlements e WHERE e.tenant_id = t.id)
                ELSE t.status IN ('archived', 'deleting', 'deleted') AND EXISTS (
                  SELECT FROM tenant_entitlements e WHERE e.tenant_id = t.id AND e.plan_name IS NOT NULL) END
     ORDER BY t.id LIMIT ${PER_ROUND}`;
}

/** Those of whom the books say that there is nothing to do: they had a plan and left it, or there is none to give them. */
async function settledAmong(
  books: TenantContext,
  candidates: readonly Candidate[],
  offersStarter: boolean,
): Promise<Set<string>> {
  const staying = candidates.filter(({ gone }) => !gone).map(({ id }) => id);
  const rows = await books.db.$queryRaw<{ id: string }[]>`
    SELECT c.external_id AS id FROM customers c
     WHERE c.external_id = ANY(${staying})
       AND NOT EXISTS (SELECT FROM subscriptions s WHERE s.customer_id = c.id AND s.status IN ('active', 'trialing'))
       AND (NOT ${offersStarter} OR EXISTS (SELECT FROM subscriptions s WHERE s.customer_id = c.id))`;
  return new Set(rows.map(({ id }) => id));
}
