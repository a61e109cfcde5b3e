// The same on other servers: the books are read by plain statements, as invoices and payments are there.
import { randomBytes } from 'node:crypto';

import { verifyDatabase } from '@nova/core/features/verify/verify-database.js';
import { TENANT_LIFE, type LifeDeps } from '@nova/core/features/tenant-life/life-deps.js';
import { verifyTenants } from '@nova/core/features/verify/verify-tenants.js';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { buildBillingWorld } from '../support/billing-world.js';
import { asSuperuser } from '../support/central-database.js';
import { type Nova, startNova, type TestTenant } from '../support/nova.js';

let nova: Nova;
let tenant: TestTenant;
/** A database with the books of a tenant that has billed and been paid, for copies to be spoilt. */
let books: string;

beforeAll(async () => {
  nova = await startNova();
  tenant = await nova.tenant();
  await buildBillingWorld(tenant.api, 'books');
  expectStatus(await tenant.api.post('/test-clock/advance', { days: 70 }), 200);
  await nova.settle();
  const { rows } = await deps().central.pool.query<{ database_name: string }>(
    'SELECT database_name FROM tenant_databases WHERE tenant_id = $1',
    [tenant.tenantId],
  );
  books = rows[0]?.database_name ?? '';
});
afterAll(() => nova.stop());

const deps = () => nova.app.get<LifeDeps>(TENANT_LIFE, { strict: false });
const verifyAll = (modes: string[] = ['test', 'live']) => verifyTenants(deps(), { tenantId: null, modes });

/** Runs `work` in a copy of the books, as a superuser whom no trigger stops. */
async function inCopy<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const copy = `nova_books_${randomBytes(4).toString('hex')}`;
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${copy}`;
  await copyBooks(copy);
  try {
    return await asSuperuser(url.href, async (client) => {
      await client.query('SET session_replication_role = replica');
      return work(client);
    });
  } finally {
    await asSuperuser(inject('postgresUrl'), (client) => client.query(`DROP DATABASE ${copy} WITH (FORCE)`));
  }
}

async function copyBooks(copy: string): Promise<void> {
  await asSuperuser(inject('postgresUrl'), async (client) => {
    await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [books]);
    await client.query(`CREATE DATABASE ${copy} TEMPLATE ${books}`);
  });
}

const AN_INVOICE = '(SELECT id FROM invoices WHERE number IS NOT NULL AND total > 0 ORDER BY id LIMIT 1)';
const A_PAID_INVOICE = "(SELECT invoice_id FROM payments WHERE status = 'succeeded' ORDER BY id LIMIT 1)";

/** How books may be wrong, and which check has to find it. Constraints that would prevent it are dropped first. */
const SPOILT: [what: string, sql: string, checks: string[]][] = [
  [
    'a line that is dearer',
    'UPDATE invoice_lines SET amount = amount + 1 WHERE invoice_id = ' + AN_INVOICE,
    ['invoice_lines'],
  ],
  [
    'a discount of a line that nobody gave',
    'UPDATE invoice_lines SET discount_amount = 1, net_amount = amount - 1 WHERE invoice_id = ' + AN_INVOICE,
    ['invoice_lines'],
  ],
  [
    'a line that does not come to its net amount',
    'UPDATE invoice_lines SET net_amount = net_amount + 1 WHERE invoice_id = ' + AN_INVOICE,
    ['invoice_lines'],
  ],
  [
    'a tax that no line has',
    `UPDATE invoices SET taxes = '[{"code":"VAT","name":"VAT","rate":"7.5","base":1,"amount":1,"reason":null}]'
      WHERE id = ${AN_INVOICE}`,
    ['invoice_taxes'],
  ],
  [
    'a share of a tax that the line does not have',
    `UPDATE invoice_lines SET taxes = '[{"code":"VAT","name":"VAT","rate":"7.5","base":1,"amount":1}]'
      WHERE id = (SELECT min(id) FROM invoice_lines)`,
    ['invoice_taxes'],
  ],
  [
    'a discount that the invoice does not show',
    `INSERT INTO invoice_discounts (invoice_id, discount_id, name, position, amount)
     VALUES (${AN_INVOICE}, 'dsc_none', 'None', 1, 5)`,
    ['invoice_discounts'],
  ],
  [
    'a discount that gave more than it had',
    `INSERT INTO coupons (id, name, kind, amount_off, currency, duration, created_at, updated_at)
     VALUES ('cpn_x', 'X', 'fixed', 100, 'NGN', 'once', now(), now());
     INSERT INTO discounts (id, coupon_id, customer_id, status, amount_left, attached_at)
     VALUES ('dsc_x', 'cpn_x', 'cus_x', 'active', 99, now())`,
    ['invoice_discounts'],
  ],
  [
    'a balance that was taken and not told',
    `ALTER TABLE invoices DROP CONSTRAINT invoices_balance_check;
     UPDATE invoices SET balance_applied = 1 WHERE id = ${AN_INVOICE}`,
    ['invoice_balance', 'balances'],
  ],
  ['a line that is missing', 'DELETE FROM invoice_lines WHERE invoice_id = ' + AN_INVOICE, ['invoice_lines']],
  [
    'a payment that is forgotten',
    `UPDATE payments SET status = 'failed' WHERE invoice_id = ${A_PAID_INVOICE} AND status = 'succeeded'`,
    ['invoice_payments', 'refunds'],
  ],
  [
    'a payment that is counted twice',
    `INSERT INTO payments SELECT (jsonb_populate_record(p, jsonb_build_object('id', 'pay_twice', 'reference', 'twice',
       'attempt', 99, 'provider', 'manual', 'provider_payment_id', NULL))).* FROM payments p
       WHERE p.invoice_id = ${A_PAID_INVOICE} AND p.status = 'succeeded'`,
    ['invoice_payments', 'payment_limits'],
  ],
  [
    'money that was more than due and never came to the balance',
    `UPDATE payments SET excess = 1 WHERE invoice_id = ${A_PAID_INVOICE} AND status = 'succeeded'`,
    ['invoice_payments', 'balances'],
  ],
  [
    'an amount due that is off',
    `ALTER TABLE invoices DROP CONSTRAINT invoices_balance_check, DROP CONSTRAINT invoices_paid_check;
     UPDATE invoices SET amount_due = amount_due + 1 WHERE id = ${AN_INVOICE}`,
    ['invoice_balance'],
  ],
  [
    'a number that is missing',
    'UPDATE invoices SET sequence = sequence + 1000 WHERE sequence = (SELECT max(sequence) FROM invoices)',
    ['invoice_numbers'],
  ],
  [
    'series that went back',
    'UPDATE number_series SET next = next - 1',
    ['invoice_numbers', 'credit_note_numbers'],
  ],
  ['a credit note that says more than its lines', 'UPDATE credit_notes SET tax_total = 1', ['credit_notes']],
  [
    'a credit note of more than the invoice',
    `UPDATE credit_notes SET subtotal = 9000000, total = 9000000, to_balance = 9000000, to_refund = 0;
     UPDATE credit_note_lines SET amount = 9000000, net_amount = 9000000`,
    ['credit_notes', 'balances', 'refunds'],
  ],
  [
    'an invoice that was reduced by nobody',
    `ALTER TABLE invoices DROP CONSTRAINT invoices_balance_check;
     UPDATE invoices SET amount_credited = 5 WHERE id = ${AN_INVOICE}`,
    ['invoice_balance', 'credit_notes'],
  ],
  [
    'a balance that nothing has made',
    `INSERT INTO customer_balances (customer_id, currency, amount, updated_at)
     SELECT id, 'NGN', 5, now() FROM customers LIMIT 1`,
    ['balances'],
  ],
  ['a wallet that has more than its top-ups', 'UPDATE wallets SET balance = balance + 1', ['wallets']],
  ['a top-up that was used by nobody', 'UPDATE wallet_grants SET remaining = remaining - 1', ['wallets']],
  ['a refund beyond its payment', 'UPDATE refunds SET amount = 1500001', ['refunds']],
  ['a refund that never left', "UPDATE sandbox_refunds SET status = 'failed'", ['refunds']],
  [
    'a payment in another currency',
    "UPDATE payments SET currency = 'XTS' WHERE invoice_id = " + A_PAID_INVOICE,
    ['payment_limits', 'sandbox_charges', 'refunds'],
  ],
  [
    'two payments in flight',
    `DROP INDEX payments_one_in_flight_key;
     INSERT INTO payments SELECT (jsonb_populate_record(p, jsonb_build_object('id', 'pay_' || n, 'reference', 'r' || n,
       'attempt', 90 + n, 'status', 'pending', 'provider', 'manual', 'provider_payment_id', NULL))).*
       FROM payments p, generate_series(1, 2) AS n WHERE p.id = (SELECT min(id) FROM payments)`,
    ['payment_limits'],
  ],
  [
    'a hole between periods',
    `UPDATE billing_periods SET period_start = period_start + interval '1 day'
      WHERE id = (SELECT id FROM billing_periods ORDER BY period_start DESC LIMIT 1)`,
    ['billing_periods'],
  ],
  ['a period without its invoice', 'UPDATE billing_periods SET invoice_id = NULL', ['billing_periods']],
  [
    'a subscription that was not billed to its end',
    "UPDATE subscriptions SET current_period_end = current_period_end + interval '1 month' WHERE status = 'active'",
    ['billing_periods'],
  ],
  [
    'a charge of another amount',
    "UPDATE sandbox_charges SET amount = amount + 1 WHERE status = 'succeeded'",
    ['sandbox_charges'],
  ],
];

describe('verifying a tenant’s books', () => {
  it('finds nothing wrong with what the platform has written', async () => {
    const [result] = await verifyAll();
    expect(result).toMatchObject({
      status: 'ok',
      mode: 'test',
      verification: { findings: [], complete: 'complete' },
    });
    expect(result?.verification?.invoices).toBeGreaterThan(3);
    expect(result?.verification?.payments).toBeGreaterThan(0);
  });

  it.each(SPOILT)('finds %s', async (_, sql, checks) => {
    const found = await inCopy(async (client) => {
      await client.query(sql);
      return verifyDatabase(client);
    });
    expect([...new Set(found.findings.map(({ check }) => check))]).toEqual(checks);
    for (const finding of found.findings) expect(finding.expected).not.toBe(finding.found);
  });

  it('says so when it found more than it tells', async () => {
    const found = await inCopy(async (client) => {
      await client.query(
        `INSERT INTO invoice_lines (id, invoice_id, position, description, quantity, unit_amount, amount)
         SELECT 'il_' || i.id, i.id, 999, 'x', 1, 1, 1 FROM invoices i;
         INSERT INTO invoices SELECT (jsonb_populate_record(i, jsonb_build_object('id', 'inv_' || n, 'external_id', NULL,
           'status', 'draft', 'number', NULL, 'series', NULL, 'sequence', NULL, 'paid_at', NULL,
           'subtotal', 5, 'total', 5, 'amount_due', 5, 'amount_paid', 0))).*
           FROM invoices i, generate_series(1, 150) AS n WHERE i.id = (SELECT min(id) FROM invoices WHERE status <> 'void')`,
      );
      return verifyDatabase(client);
    });
    expect(found.complete).toBe('cut_off');
    expect(found.findings.length).toBeGreaterThanOrEqual(100);
  });

  it('does not take a database that cannot be read for a right one', async () => {
    await deps().central.pool.query("UPDATE tenant_databases SET database_name = database_name || '_gone'");
    expect(await verifyAll(['test'])).toMatchObject([
      { status: 'unreachable', error: expect.stringContaining('_gone') },
    ]);
    await deps().central.pool.query(
      "UPDATE tenant_databases SET database_name = replace(database_name, '_gone', '')",
    );
  });
});
