import { JobHandlers } from '@nova/core/tenancy/jobs/job-handlers.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import type { TenantContext } from '@nova/core/tenancy/tenant-context.js';
import { MailCatcher } from '@nova/core/platform/mail/mail-catcher.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { BillingStory, nextJanuary31 } from '../support/billing-story.js';
import { eventually } from '../support/eventually.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';

/** A platform whose mail server is not there yet. */
let nova: Nova;
let smtpPort: number;
const { year, moment } = nextJanuary31();

beforeAll(async () => {
  const reserved = await MailCatcher.start({ smtpPort: 0 });
  smtpPort = reserved.smtpPort;
  await reserved.close();
  nova = await startNova({ env: { SMTP_URL: `smtp://127.0.0.1:${smtpPort}` } });
});

afterAll(() => nova.stop());

function inDatabase<T>(of: TestTenant, work: (ctx: TenantContext) => Promise<T>): Promise<T> {
  const contexts = nova.app.get(TenantContexts, { strict: false });
  const actor = { type: 'system', id: 'spec' } as const;
  return contexts.run({ tenantId: of.tenantId, mode: 'test', actor, requestId: null }, work);
}

const emailsOf = (tenant: TestTenant) =>
  inDatabase(tenant, (ctx) => ctx.db.emailMessage.findMany({ orderBy: { id: 'asc' } }));

describe('e-mail of invoices', () => {
  it('that cannot be sent holds up neither billing nor the clock, and is sent once the server is back', async () => {
    const story = await BillingStory.at(nova, moment, { timeZone: 'UTC' });
    const customer = await story.customer({}, 'pm_sandbox_success');
    const plan = await story.plan('Pro', { unitAmount: '1500000' });
    const subscription = await story.create('/subscriptions', { customerId: customer.id, planId: plan.id });
    await story.advance(`${year}-04-01T00:00:00.000Z`);

    const invoices = await story.invoicesOf(subscription);
    expect(invoices.map((invoice) => invoice.status)).toEqual(['paid', 'paid', 'paid']);
    await eventually(
      async () => {
        const owed = await emailsOf(story.tenant);
        expect(owed.map((email) => email.status)).toEqual(['failed', 'failed', 'failed']);
        expect(owed[0]?.error).toMatch(/ECONNREFUSED/);
      },
      { withinMs: 20_000 },
    );

    const mail = await MailCatcher.start({ smtpPort });
    const handler = nova.app.get(JobHandlers, { strict: false }).of('invoices.email');
    const [email] = await emailsOf(story.tenant);
    const job = { tenantId: story.tenant.tenantId, mode: 'test' as const, emailId: email?.id ?? '' };
    await Promise.all(Array.from({ length: 5 }, () => inDatabase(story.tenant, (ctx) => handler(ctx, job))));
    const first = mail.list().filter((letter) => letter.subject.includes('INV-000001'));
    expect(first).toHaveLength(1);
    expect(first[0]?.messageId).toBe(`<${email?.id}@localhost>`);

    // The others come by themselves, with the patience of the queue.
    await eventually(
      async () => {
        const sent = await emailsOf(story.tenant);
        expect(sent.map((message) => message.status)).toEqual(['sent', 'sent', 'sent']);
        expect(sent.map((message) => message.error)).toEqual([null, null, null]);
      },
      { withinMs: 45_000 },
    );
    expect(mail.list()).toHaveLength(3);
    await mail.close();
  });
});
