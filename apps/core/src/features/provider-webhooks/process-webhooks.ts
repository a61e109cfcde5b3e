import type { FirstDue } from '../../tenancy/due-work/due-sources.js';
import { isSchemaBehind } from '../../tenancy/migrator/schema-behind.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { concludeWebhooks, type Conclusion } from './conclude-webhooks.js';
import { processDispute } from './process-dispute.js';
import { processMethod } from './process-method.js';
import { processPayment } from './process-payment.js';
import { processRefund } from './process-refund.js';
import { processUnknownPayment } from './process-unknown-payment.js';
import { type Subject, subjectsOf } from './webhook-subjects.js';
import { DUE_COLUMNS, dueWebhook, later, type ProcessDeps, type WebhookResult } from './webhook-result.js';

const BATCH = 200;
/** What one job may do at most: what is left is due still, and the due index brings it back as another job. */
const RUN_LIMIT_MS = 1_500;
/** Providers that are asked at once, on behalf of one tenant database. */
const AT_ONCE = 4;

/**
 * Deals with the webhooks that are due. Those about one payment ask its provider once. What they come to is the same
 * however often, and in whatever order, they are dealt with: it may run twice at once, and be cut off anywhere.
 */
export async function processWebhooks(ctx: TenantContext, deps: ProcessDeps): Promise<void> {
  const deadline = performance.now() + RUN_LIMIT_MS;
  const seen = new Set<string>();
  for (;;) {
    const rows = (await readDue(ctx)).filter(({ id }) => !seen.has(id));
    if (rows.length === 0) return;
    for (const { id } of rows) seen.add(id);
    for (const some of inParts(await subjectsOf(ctx, rows.map(dueWebhook)))) {
      const conclusions = await Promise.all(some.map((subject) => dealWith(ctx, deps, subject)));
      await concludeWebhooks(ctx, conclusions.flat());
      if (performance.now() > deadline) return;
    }
  }
}

function mayNameReceipt({ webhooks }: Subject): boolean {
  return webhooks.some(({ event }) => event.receipt !== null);
}

/**
 * What is settled needs nobody to be asked and is concluded together; the others go a few at a time. Our own payments come
 * first: M-Pesa tells of each push a second time as of any payment to the pay bill number, and that is known for the same
 * once the push has its receipt.
 */
function inParts(subjects: readonly Subject[]): Subject[][] {
  const isOwn = ({ kind }: Subject) => kind === 'payment';
  const isSettled = (subject: Subject) =>
    subject.kind === 'payment' && subject.payment.status === 'succeeded' && !mayNameReceipt(subject);
  const own = subjects.filter((subject) => isOwn(subject) && !isSettled(subject));
  const others = subjects.filter((subject) => !isOwn(subject));
  const parts = [subjects.filter(isSettled)].filter(({ length }) => length > 0);
  for (const turn of [own, others]) {
    for (let from = 0; from < turn.length; from += AT_ONCE) parts.push(turn.slice(from, from + AT_ONCE));
  }
  return parts;
}

/** The webhook to be looked at first. */
export async function firstWebhook(db: TenantReader): Promise<FirstDue | null> {
  const first = await db.providerWebhook.findFirst({
    where: { nextAttemptAt: { not: null } },
    orderBy: [{ nextAttemptAt: 'asc' }, { id: 'asc' }],
    select: { id: true, nextAttemptAt: true },
  });
  return first?.nextAttemptAt ? { at: first.nextAttemptAt, id: first.id } : null;
}

function readDue(ctx: TenantContext) {
  return ctx.db.providerWebhook.findMany({
    where: { nextAttemptAt: { lte: ctx.clock.now() } },
    orderBy: [{ nextAttemptAt: 'asc' }, { id: 'asc' }],
    take: BATCH,
    select: DUE_COLUMNS,
  });
}

async function dealWith(ctx: TenantContext, deps: ProcessDeps, subject: Subject): Promise<Conclusion[]> {
  let result: WebhookResult;
  try {
    result = await resultOf(ctx, deps, subject);
  } catch (error) {
    // A webhook is not to blame for what its database lacks, and none of its attempts is used up.
    if (isSchemaBehind(error)) throw error;
    const [first] = subject.webhooks;
    ctx.log.error({ err: error, webhookId: first.id }, 'A webhook could not be dealt with.');
    result = later('Something went wrong on our side.');
  }
  return subject.webhooks.map((webhook) => ({ webhook, result }));
}

function resultOf(ctx: TenantContext, deps: ProcessDeps, subject: Subject): Promise<WebhookResult> {
  switch (subject.kind) {
    case 'payment':
      return processPayment(ctx, deps, subject);
    case 'unknown_payment':
      return processUnknownPayment(ctx, deps, subject);
    case 'refund':
      return processRefund(ctx, deps, subject.webhooks[0]);
    case 'dispute':
      return processDispute(ctx, subject.webhooks[0]);
    case 'method':
      return processMethod(ctx, subject.webhooks[0]);
  }
}
