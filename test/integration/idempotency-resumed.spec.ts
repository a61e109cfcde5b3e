import type { Answer } from '@nova/core/features/idempotency/answer.js';
import { joinedContext } from '@nova/core/features/idempotency/joined-context.js';
import type { KeyedRequest } from '@nova/core/features/idempotency/keyed-request.js';
import { runTransactional } from '@nova/core/features/idempotency/run-transactional.js';
import { createCustomer } from '@nova/core/features/customers/create-customer.js';
import { PaymentProviders } from '@nova/core/features/payments/providers/payment-providers.js';
import { sandboxProviderAt } from '@nova/core/features/payments/providers/sandbox-provider.js';
import { announce } from '@nova/core/tenancy/central/changes.js';
import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import { oldestServedVersion } from '@nova/core/tenancy/migrator/schema-versions.js';
import type { TenantContext } from '@nova/core/tenancy/tenant-context.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { type Api, type ApiResponse, expectStatus } from '../support/api.js';
import { asSuperuser } from '../support/central-database.js';
import { eventually } from '../support/eventually.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';
import { invitationToken } from '../support/team.js';
import { tenantDatabaseUrl } from '../support/tenant-database.js';

const sandboxProvider = sandboxProviderAt('https://nova.example');

let nova: Nova;
let acme: TestTenant;
let serial = 0;

beforeAll(async () => {
  nova = await startNova();
  acme = await nova.tenant();
});

afterEach(() => providers().use(sandboxProvider));

afterAll(() => nova.stop());

const newKey = () => `key-${(serial += 1)}`;
const withKey = (key: string, api: Api = acme.api) => api.with({ 'idempotency-key': key });
const service = <T>(type: new (...args: never[]) => T): T => nova.app.get<T>(type, { strict: false });
const providers = () => service(PaymentProviders);

const inContext = <T>(work: (ctx: TenantContext) => Promise<T>): Promise<T> => {
  const actor = { type: 'system', id: 'spec' } as const;
  return service(TenantContexts).run({ tenantId: acme.tenantId, mode: 'test', actor, requestId: null }, work);
};

const inDatabase = async (sql: string, values: unknown[] = [], tenant = acme): Promise<unknown[]> =>
  asSuperuser(
    await tenantDatabaseUrl(nova.databases, tenant.tenantId),
    async (client) => (await client.query(sql, values)).rows as unknown[],
  );

/** As when the process that ran the request has been dead for long enough. */
const letLeaseEnd = (key: string) =>
  inDatabase("UPDATE idempotency_records SET locked_until = now() - interval '1 s' WHERE key = $1", [key]);

/** Puts a finished request back to where its process died before it stored the answer. */
const forgetAnswer = (key: string, plan: string) =>
  inDatabase(
    `UPDATE idempotency_records SET status = 'running', status_code = NULL, headers = NULL, body = $2,
       locked_until = now() - interval '1 s' WHERE key = $1`,
    [key, JSON.stringify({ plan })],
  );

async function openInvoice(token = 'pm_sandbox_success'): Promise<string> {
  const customer = expectStatus(await acme.api.post('/customers', { name: 'Payer', currency: 'NGN' }), 201);
  expectStatus(await acme.api.post(`/customers/${customer.id}/payment-methods`, { token }), 201);
  const lines = [{ description: 'Work', quantity: '1', unitAmount: '250000' }];
  const draft = { customerId: customer.id, lines, collectionMethod: 'send_invoice' };
  const { id } = expectStatus(await acme.api.post('/invoices', draft), 201);
  expectStatus(await acme.api.post(`/invoices/${id}/finalize`), 200);
  return id;
}

const paymentsOf = async (invoice: string): Promise<ApiResponse['body']> =>
  expectStatus(await acme.api.get(`/payments?invoice=${invoice}`), 200).data;
const chargesOf = (invoice: string) =>
  inDatabase('SELECT reference FROM sandbox_charges WHERE reference LIKE $1', [
    `%${invoice.slice('inv_'.length)}%`,
  ]);

describe('paying with a key', () => {
  it('takes the attempt up when the charge was made and nobody heard of it', async () => {
    const invoice = await openInvoice();
    const keyed = withKey(newKey());
    providers().use({
      ...sandboxProvider,
      chargeSaved: async (ctx, charge) => {
        await sandboxProvider.chargeSaved(ctx, charge);
        throw new Error('The process died here.');
      },
    });
    expectStatus(await keyed.post(`/invoices/${invoice}/pay`), 500);
    providers().use(sandboxProvider);
    const paid = expectStatus(await keyed.post(`/invoices/${invoice}/pay`), 200);
    expect(paid).toMatchObject({ status: 'succeeded', attempt: 1 });
    const again = await keyed.post(`/invoices/${invoice}/pay`);
    expect(expectStatus(again, 200)).toEqual(paid);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await chargesOf(invoice)).toHaveLength(1);
    expect(await paymentsOf(invoice)).toHaveLength(1);
  });

  it('answers with its own payment, never that the invoice is paid, when it died before it answered', async () => {
    for (const token of ['pm_sandbox_success', 'pm_sandbox_declined', 'pm_sandbox_pending_success']) {
      const invoice = await openInvoice(token);
      const key = newKey();
      const paid = expectStatus(await withKey(key).post(`/invoices/${invoice}/pay`), 200);
      await forgetAnswer(key, paid.id);
      expect(expectStatus(await withKey(key).post(`/invoices/${invoice}/pay`), 200)).toEqual(paid);
      expect(await chargesOf(invoice)).toHaveLength(1);
      expect(await paymentsOf(invoice)).toHaveLength(1);
    }
  });

  it('a hundred times at once charges once', async () => {
    const invoice = await openInvoice();
    const keyed = withKey(newKey());
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => keyed.post(`/invoices/${invoice}/pay`)),
    );
    const done = answers.filter(({ status }) => status === 200);
    expect(new Set(done.map((answer) => answer.body.id)).size).toBe(1);
    for (const { body } of answers.filter(({ status }) => status !== 200)) {
      expect(body.code).toBe('idempotency_in_progress');
    }
    expect(await chargesOf(invoice)).toHaveLength(1);
    expect(await paymentsOf(invoice)).toHaveLength(1);
  });

  it('is refused while it runs, keeps its lease alive, and is free after a refusal', async () => {
    const invoice = await openInvoice();
    const key = newKey();
    const keyed = withKey(key);
    let letGo = () => {};
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    providers().use({
      ...sandboxProvider,
      chargeSaved: async (ctx, charge) => {
        await gate;
        return sandboxProvider.chargeSaved(ctx, charge);
      },
    });
    const first = keyed.post(`/invoices/${invoice}/pay`);
    const leaseOf = () => inDatabase('SELECT locked_until FROM idempotency_records WHERE key = $1', [key]);
    // Otherwise the one that is meant to be refused might come first, and wait at the gate.
    await eventually(async () => expect(await leaseOf()).toHaveLength(1), { withinMs: 10_000 });
    const running = await keyed.post(`/invoices/${invoice}/pay`);
    expect(running.body.code).toBe('idempotency_in_progress');
    expect(running.headers.get('retry-after')).toBe('1');
    const before = await leaseOf();
    await eventually(async () => expect(await leaseOf()).not.toEqual(before), { withinMs: 15_000 });
    letGo();
    const paid = expectStatus(await first, 200);
    expect(expectStatus(await keyed.post(`/invoices/${invoice}/pay`), 200)).toEqual(paid);

    const refused = withKey(newKey());
    expectStatus(await refused.post(`/invoices/${invoice}/pay`), 409);
    expectStatus(await refused.post(`/invoices/${await openInvoice()}/pay`), 200);
  });
});

describe('moving the clock with a key', () => {
  it('goes where it was going at first, though it died on the way', async () => {
    const key = newKey();
    const first = expectStatus(await withKey(key).post('/test-clock/advance', { days: 10 }), 200);
    await forgetAnswer(key, first.now);
    const again = expectStatus(await withKey(key).post('/test-clock/advance', { days: 10 }), 200);
    expect(again.now).toBe(first.now);

    const further = new Date(Date.parse(first.now) + 5 * 86_400_000).toISOString();
    await forgetAnswer(key, further);
    expect(expectStatus(await withKey(key).post('/test-clock/advance', { days: 10 }), 200).now).toBe(further);
  });
});

describe('inviting with a key', () => {
  it('sends the message of the same invitation when it could not be sent at first', async () => {
    const { jwtSecret, encryptionKey } = nova.config;
    const mute = await startNova({
      databases: nova.databases,
      processors: 'none',
      env: {
        SMTP_URL: 'smtp://127.0.0.1:1',
        JWT_SECRET: jwtSecret,
        ENCRYPTION_KEY: encryptionKey.toString('hex'),
      },
    });
    const key = newKey();
    const body = { email: 'guest@team.example', role: 'viewer' };
    const path = '/tenants/me/members';
    expectStatus(await withKey(key, mute.as(acme.accessToken)).post(path, body), 503);
    await mute.stop();
    const invited = expectStatus(await withKey(key, acme.user).post(path, body), 201);
    const { invitation } = service(CentralDatabase).db;
    const rows = await invitation.findMany({ where: { email: body.email } });
    expect(rows).toMatchObject([{ id: invited.id, revokedAt: null }]);
    expect(await invitationToken(nova, body.email)).toMatch(/^nvi_/);
  });
});

describe('a handler within the transaction of its record', () => {
  const record = (): KeyedRequest => ({
    scope: 'spec',
    key: newKey(),
    route: 'POST /spec',
    requestHash: 'h',
  });
  const answer = (body: unknown): Answer => ({ status: 201, headers: {}, body: JSON.stringify(body) });
  const customer = (externalId: string) => ({
    name: 'Joined',
    externalId,
    taxStatus: 'taxable' as const,
    invoicing: 'separate' as const,
    metadata: {},
  });
  const count = (externalId: string) => inContext((ctx) => ctx.db.customer.count({ where: { externalId } }));

  it('goes on after a write of its own that failed, and reads what it has written', async () => {
    await inContext((ctx) => createCustomer(ctx, customer('joined-1')));
    const { answer: given } = await inContext((ctx) =>
      runTransactional(ctx, record(), async (joined) => {
        await expect(createCustomer(joined, customer('joined-1'))).rejects.toThrow('externalId');
        await createCustomer(joined, customer('joined-2'));
        return answer(await joined.db.customer.count({ where: { externalId: { startsWith: 'joined-' } } }));
      }),
    );
    expect(given.body).toBe('2');
    expect(await count('joined-2')).toBe(1);
  });

  it('is called again from its start when PostgreSQL rolled it back for the sake of another', async () => {
    let calls = 0;
    const request = record();
    const run = () =>
      inContext((ctx) =>
        runTransactional(ctx, request, async (joined) => {
          calls += 1;
          const made = await createCustomer(joined, customer('joined-3'));
          if (calls === 1) throw Object.assign(new Error('write conflict'), { code: 'P2034' });
          return answer(made.id);
        }),
      );
    const first = await run();
    expect([calls, first.isReplay]).toEqual([2, false]);
    expect(await run()).toEqual({ answer: first.answer, isReplay: true });
    expect([calls, await count('joined-3')]).toEqual([2, 1]);
  });

  it('does nothing when it fails, not even what its own transactions had done', async () => {
    const failing = inContext((ctx) =>
      runTransactional(ctx, record(), async (joined) => {
        await createCustomer(joined, customer('joined-4'));
        throw new Error('Too late.');
      }),
    );
    await expect(failing).rejects.toThrow('Too late.');
    expect(await count('joined-4')).toBe(0);
  });

  it('nests its transactions', async () => {
    await inContext((ctx) =>
      ctx.transaction(async (tx) => {
        const joined = joinedContext(ctx, tx);
        await joined.transaction(async () => {
          await createCustomer(joined, customer('joined-5'));
          const inner = joined.transaction(async () => {
            await createCustomer(joined, customer('joined-6'));
            throw new Error('Only this one.');
          });
          await expect(inner).rejects.toThrow('Only this one.');
        });
      }),
    );
    expect([await count('joined-5'), await count('joined-6')]).toEqual([1, 0]);
  });
});

describe('a request whose process died', () => {
  it('is refused until its lease ends, and then taken up', async () => {
    const invoice = await openInvoice();
    const key = newKey();
    const paid = expectStatus(await withKey(key).post(`/invoices/${invoice}/pay`), 200);
    await forgetAnswer(key, paid.id);
    await inDatabase("UPDATE idempotency_records SET locked_until = now() + interval '10 s' WHERE key = $1", [
      key,
    ]);
    expect((await withKey(key).post(`/invoices/${invoice}/pay`)).body.code).toBe('idempotency_in_progress');
    await letLeaseEnd(key);
    expect(expectStatus(await withKey(key).post(`/invoices/${invoice}/pay`), 200)).toEqual(paid);
  });
});

describe('a database of the release before', () => {
  it('answers 503 to a key, and serves what has none', async () => {
    const late = await nova.tenant();
    await inDatabase('DROP TABLE idempotency_records', [], late);
    await service(CentralDatabase).db.$transaction(async (tx) => {
      const { tenantId } = late;
      await tx.tenantDatabase.updateMany({
        where: { tenantId },
        data: { schemaVersion: oldestServedVersion(), configVersion: { increment: 1 } },
      });
      await announce(tx, { kind: 'tenant', tenantId });
    });
    const answer = await eventually(async () => {
      const response = await withKey(newKey(), late.api).post('/customers', { name: 'Early' });
      expect(response.body).toMatchObject({ status: 503, code: 'tenant_schema_behind' });
      return response;
    });
    expect(answer.headers.has('retry-after')).toBe(true);
    expectStatus(await late.api.post('/customers', { name: 'Early' }), 201);
    expectStatus(
      await withKey(newKey(), late.user).post('/tenants/me/api-keys', { name: 'K', mode: 'test' }),
      201,
    );
  });
});
