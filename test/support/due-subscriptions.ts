import type { JobName } from '@nova/core/platform/queues/catalogue.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import type pg from 'pg';

import { expectStatus } from './api.js';
import { createMonthlyPlan } from './billing-world.js';
import type { Nova, TestTenant } from './nova.js';
import { connectTo, tenantDatabaseUrl } from './tenant-database.js';

/** How far the billing of a tenant's subscriptions has come. */
export interface Progress {
  invoices: number;
  paid: number;
  sent: number;
}

export interface OutboxEntry {
  id: string;
  job: JobName;
  relayed: boolean;
}

const DAY_MS = 86_400_000;

/**
 * Subscriptions of one customer who pays by card and gets e-mails, made in any number and due when they are told to be.
 * What is read of them is read on a connection of the test's own, whatever the platform can reach.
 */
export class DueSubscriptions {
  private constructor(
    private readonly nova: Nova,
    readonly tenant: TestTenant,
    private readonly parts: { subscriptionId: string; customerId: string; planId: string },
    private readonly database: pg.Client,
  ) {}

  /** One subscription by the API, which starts long after the test. `superuserUrl` is of a PostgreSQL of the test's own. */
  static async of(nova: Nova, superuserUrl?: string): Promise<DueSubscriptions> {
    const tenant = await nova.tenant();
    const { api } = tenant;
    const { plan } = await createMonthlyPlan(api, 'due');
    const email = `${tenant.tenantId.slice(-8)}@due.example`;
    const customer = expectStatus(
      await api.post('/customers', { name: 'Many', email, currency: 'NGN' }),
      201,
    );
    const card = { token: 'pm_sandbox_success' };
    expectStatus(await api.post(`/customers/${customer.id}/payment-methods`, card), 201);
    const parts = { customerId: customer.id, planId: plan.id };
    const startAt = new Date(Date.now() + DAY_MS).toISOString();
    const subscription = expectStatus(await api.post('/subscriptions', { ...parts, startAt }), 201);
    const database = await connectTo(
      await tenantDatabaseUrl(nova.databases, tenant.tenantId, 'test', superuserUrl),
    );
    // The platform is dropped with its databases, whoever looks at them.
    database.on('error', () => undefined);
    return new DueSubscriptions(nova, tenant, { ...parts, subscriptionId: subscription.id }, database);
  }

  /** What another subscription is made with. */
  get body(): { customerId: string; planId: string } {
    const { customerId, planId } = this.parts;
    return { customerId, planId };
  }

  /** Makes `count` copies of the subscription that are due now. What is due is noted as any write notes it. */
  async makeDue(count: number): Promise<void> {
    const marker = String(performance.now()).replace('.', '');
    const template = this.parts.subscriptionId;
    const actor = { type: 'system', id: 'spec' } as const;
    const { tenantId } = this.tenant;
    const contexts = this.nova.app.get(TenantContexts, { strict: false });
    await contexts.run({ tenantId, mode: 'test', actor, requestId: null }, (ctx) =>
      ctx.transaction(async (tx) => {
        await tx.db.$executeRaw`
          INSERT INTO subscriptions SELECT (jsonb_populate_record(s, jsonb_build_object(
            'id', 'sub_' || ${marker} || '_' || n, 'current_period_start', now(), 'next_billing_at', now()))).*
          FROM subscriptions s, generate_series(1, ${count}::int) n WHERE s.id = ${template}`;
        await tx.db.$executeRaw`
          INSERT INTO subscription_items SELECT (jsonb_populate_record(i, jsonb_build_object(
            'id', 'si_' || ${marker} || '_' || n, 'subscription_id', 'sub_' || ${marker} || '_' || n))).*
          FROM subscription_items i, generate_series(1, ${count}::int) n WHERE i.subscription_id = ${template}`;
        tx.due('billing', new Date(0));
      }),
    );
  }

  async progress(): Promise<Progress> {
    const [row] = await this.query<Progress>(
      `SELECT (SELECT count(*)::int FROM invoices) AS invoices,
         (SELECT count(*)::int FROM invoices WHERE status = 'paid') AS paid,
         (SELECT count(*)::int FROM email_messages WHERE status = 'sent') AS sent`,
    );
    return row ?? { invoices: 0, paid: 0, sent: 0 };
  }

  /** What the outbox holds, and whether it has been put on its queue. */
  outbox(): Promise<OutboxEntry[]> {
    return this.query(`SELECT id, job, available_at > 'epoch' AS relayed FROM outbox ORDER BY job`);
  }

  /** What a fault must not cause: two invoices of one subscription, gaps in their numbers, two charges of one invoice. */
  async faults(): Promise<{ doubles: number; gaps: number; charges: number } | undefined> {
    const [row] = await this.query<{ doubles: number; gaps: number; charges: number }>(
      `SELECT (count(*) - count(DISTINCT subscription_id))::int AS doubles,
         (coalesce(max(sequence), 0) - count(DISTINCT sequence))::int AS gaps,
         (SELECT count(*) - count(DISTINCT regexp_replace(reference, '-[0-9]+$', ''))
          FROM sandbox_charges)::int AS charges
       FROM invoices`,
    );
    return row;
  }

  private async query<R extends pg.QueryResultRow>(text: string): Promise<R[]> {
    return (await this.database.query<R>(text)).rows;
  }

  close(): Promise<void> {
    return this.database.end();
  }
}
