import { randomBytes } from 'node:crypto';

import { loadMigrations } from '@nova/core/tenancy/migrator/load-migrations.js';
import { migrateDatabase } from '@nova/core/tenancy/migrator/migrate-database.js';
import { MIGRATION_FOLDERS } from '@nova/core/tenancy/migrator/schema-versions.js';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { POSTGRES_URL, query, refusalOf } from './provisioning-platform.js';

const INTEGRITY = '23000';
const CHECK = '23514';
const UNIQUE = '23505';

interface Scratch {
  name: string;
  client: pg.Client;
}

async function migrated(schema: keyof typeof MIGRATION_FOLDERS): Promise<Scratch> {
  const name = `nova_${schema}_${randomBytes(4).toString('hex')}`;
  await query(POSTGRES_URL, `CREATE DATABASE ${name}`);
  const url = new URL(POSTGRES_URL);
  url.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await migrateDatabase(client, await loadMigrations(MIGRATION_FOLDERS[schema]));
  return { name, client };
}

async function drop({ name, client }: Scratch): Promise<void> {
  await client.end();
  await query(POSTGRES_URL, `DROP DATABASE ${name} WITH (FORCE)`);
}

describe('the central schema', () => {
  let central: Scratch;
  beforeAll(async () => {
    central = await migrated('central');
  });
  afterAll(() => drop(central));

  it('has an audit log that only grows', async () => {
    await central.client.query(
      `INSERT INTO audit_log (id, actor_type, action) VALUES ('aud_1', 'system', 'tried')`,
    );
    for (const sql of [`UPDATE audit_log SET action = 'x'`, 'DELETE FROM audit_log', 'TRUNCATE audit_log']) {
      expect(await refusalOf(central.client.query(sql)), sql).toBe(INTEGRITY);
    }
    expect((await central.client.query('SELECT action FROM audit_log')).rows).toEqual([{ action: 'tried' }]);
  });

  it('has one database a tenant and mode that is not retired', async () => {
    const { client } = central;
    await client.query(`INSERT INTO tenants (id, slug, name) VALUES ('ten_1', 'one', 'One')`);
    await client.query(
      `INSERT INTO database_servers (id, name, host, port, admin_url_sealed) VALUES ('srv_1', 's', 'h', 5432, '-')`,
    );
    const insert = (id: string, status: string) =>
      client.query(
        `INSERT INTO tenant_databases (id, tenant_id, mode, server_id, database_name, role_name, password_sealed, status)
         VALUES ($1, 'ten_1', 'test', 'srv_1', $1, $1, '-', $2)`,
        [id, status],
      );
    await insert('tdb_0', 'retired');
    await insert('tdb_1', 'provisioning');
    expect(await refusalOf(insert('tdb_2', 'provisioning'))).toBe(UNIQUE);
    expect(await refusalOf(insert('tdb_3', 'unheard of'))).toBe(CHECK);
    const activate = client.query(`UPDATE tenant_databases SET status = 'active' WHERE id = 'tdb_1'`);
    expect(await refusalOf(activate), 'active without a version').toBe(CHECK);
  });
});

describe('the tenant schema', () => {
  let tenant: Scratch;
  let sql: (text: string, values?: unknown[]) => Promise<pg.QueryResult>;
  const refused = (text: string) => refusalOf(sql(text));

  beforeAll(async () => {
    tenant = await migrated('tenant');
    sql = (text, values) => tenant.client.query(text, values);
  });
  afterAll(() => drop(tenant));

  let number = 0;
  let invoice: string;

  /** A draft over 100 with one line. */
  beforeEach(async () => {
    number += 1;
    invoice = `inv_${number}`;
    await sql(
      `INSERT INTO customers (id, name, created_at, updated_at) VALUES ('cus_1', 'C', now(), now()) ON CONFLICT DO NOTHING`,
    );
    await sql(
      `INSERT INTO invoices (id, customer_id, status, currency, subtotal, total, amount_due, billing_reason,
         collection_method, created_at, updated_at)
       VALUES ($1, 'cus_1', 'draft', 'NGN', 100, 100, 100, 'manual', 'send_invoice', now(), now())`,
      [invoice],
    );
    await addLine(1);
  });

  const addLine = (position: number) =>
    sql(
      `INSERT INTO invoice_lines (id, invoice_id, position, description, quantity, unit_amount, amount)
       VALUES ($1, $2, $3, 'A line', 1, 100, 100)`,
      [`il_${invoice}_${position}`, invoice, position],
    );

  const issue = () =>
    sql(
      `UPDATE invoices SET status = 'open', series = 'INV', sequence = $2, number = $3, issued_at = now(),
         seller = '{}', buyer = '{}' WHERE id = $1`,
      [invoice, number, `INV-${number}`],
    );

  const addPayment = (attempt: number, status = 'created') =>
    sql(
      `INSERT INTO payments (id, invoice_id, customer_id, attempt, provider, reference, amount, currency, status,
         created_at, updated_at)
       VALUES ($1, $2, 'cus_1', $3, 'sandbox', $1, 100, 'NGN', $4, now(), now())`,
      [`pay_${invoice}_${attempt}`, invoice, attempt, status],
    );

  it('lets a draft change and go', async () => {
    await sql(
      `UPDATE invoices SET currency = 'KES', memo = 'x', total = 5, subtotal = 5, amount_due = 5 WHERE id = $1`,
      [invoice],
    );
    await sql(`UPDATE invoice_lines SET amount = 5 WHERE invoice_id = $1`, [invoice]);
    await sql('DELETE FROM invoice_lines WHERE invoice_id = $1', [invoice]);
    expect((await sql('DELETE FROM invoices WHERE id = $1', [invoice])).rowCount).toBe(1);
  });

  it('keeps an issued invoice as it is', async () => {
    await issue();
    for (const change of [
      'total = 1',
      `currency = 'KES'`,
      `number = 'X'`,
      'sequence = 999',
      `customer_id = 'cus_2'`,
      `seller = '{"name":"Other"}'`,
      `memo = 'x'`,
      "issued_at = now() + interval '1 day'",
      `id = 'inv_x'`,
      `status = 'draft'`,
    ]) {
      expect(await refused(`UPDATE invoices SET ${change} WHERE id = '${invoice}'`), change).toBe(INTEGRITY);
    }
    expect(await refused(`DELETE FROM invoices WHERE id = '${invoice}'`)).toBe(INTEGRITY);
    await sql(`UPDATE invoices SET metadata = '{"a":"b"}', version = 2, updated_at = now() WHERE id = $1`, [
      invoice,
    ]);
  });

  it('keeps the lines of an issued invoice', async () => {
    await issue();
    expect(await refusalOf(addLine(2))).toBe(INTEGRITY);
    expect(await refused(`UPDATE invoice_lines SET amount = 1 WHERE invoice_id = '${invoice}'`)).toBe(
      INTEGRITY,
    );
    expect(await refused(`DELETE FROM invoice_lines WHERE invoice_id = '${invoice}'`)).toBe(INTEGRITY);
  });

  it('keeps a line out of an invoice that is being issued meanwhile', async () => {
    const url = new URL(POSTGRES_URL);
    url.pathname = `/${tenant.name}`;
    await sql('BEGIN');
    await issue();
    const late = refusalOf(
      query(
        url.href,
        `INSERT INTO invoice_lines (id, invoice_id, position, description, quantity, unit_amount, amount)
         VALUES ('il_late', $1, 9, 'Late', 1, 100, 100)`,
        [invoice],
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    await sql('COMMIT');
    expect(await late).toBe(INTEGRITY);
  });

  it('settles an issued invoice once', async () => {
    await issue();
    const pay = `UPDATE invoices SET status = 'paid', amount_paid = 100, amount_due = 0, paid_at = now() WHERE id = '${invoice}'`;
    expect(
      await refused(`UPDATE invoices SET status = 'paid', paid_at = now() WHERE id = '${invoice}'`),
    ).toBe(CHECK);
    expect(await refused(`UPDATE invoices SET amount_paid = 30 WHERE id = '${invoice}'`), 'unbalanced').toBe(
      CHECK,
    );
    await sql(pay);
    const undo = `UPDATE invoices SET status = 'void', voided_at = now() WHERE id = '${invoice}'`;
    expect(await refused(undo)).toBe(INTEGRITY);
  });

  it('issues nothing without a number, and drafts have none', async () => {
    expect(await refused(`UPDATE invoices SET status = 'open' WHERE id = '${invoice}'`)).toBe(CHECK);
    expect(await refused(`UPDATE invoices SET number = 'INV-9' WHERE id = '${invoice}'`)).toBe(CHECK);
  });

  it('has no negative amounts and no unknown statuses', async () => {
    for (const change of [
      'total = -1, amount_due = -1',
      `status = 'lost'`,
      `currency = 'naira'`,
      'net_terms_days = -1',
    ]) {
      expect(await refused(`UPDATE invoices SET ${change} WHERE id = '${invoice}'`), change).toBe(CHECK);
    }
  });

  it('has one payment in flight an invoice', async () => {
    await issue();
    await addPayment(1);
    expect(await refusalOf(addPayment(2))).toBe(UNIQUE);
    await sql(`UPDATE payments SET status = 'failed' WHERE invoice_id = $1`, [invoice]);
    await addPayment(2);
  });

  it('keeps what a payment was for', async () => {
    await issue();
    await addPayment(1);
    const where = `WHERE invoice_id = '${invoice}'`;
    for (const change of [
      'amount = 1',
      `currency = 'KES'`,
      `reference = 'x'`,
      `invoice_id = 'inv_1x'`,
      `provider = 'p'`,
    ]) {
      expect(await refused(`UPDATE payments SET ${change} ${where}`), change).toBe(INTEGRITY);
    }
    expect(await refused(`DELETE FROM payments ${where}`)).toBe(INTEGRITY);
    await sql(`UPDATE payments SET status = 'succeeded', succeeded_at = now() ${where}`);
    expect(await refused(`UPDATE payments SET status = 'failed' ${where}`)).toBe(INTEGRITY);
  });

  it('keeps what a price charges', async () => {
    await sql(`INSERT INTO plans (id, name, created_at, updated_at) VALUES ('plan_1', 'P', now(), now())`);
    const insert = (id: string, unit: string, recurrence: string) =>
      sql(
        `INSERT INTO prices (id, plan_id, currency, model, type, unit_amount, "interval", interval_count, created_at, updated_at)
         VALUES ('${id}', 'plan_1', 'NGN', 'flat', ${recurrence}, now(), now())`.replace('UNIT', unit),
      );
    await insert('price_1', '0.8', `'recurring', UNIT, 'month', 1`);
    expect(await refusalOf(insert('price_2', '-1', `'one_time', UNIT, NULL, NULL`))).toBe(CHECK);
    expect(await refusalOf(insert('price_3', '1', `'recurring', UNIT, NULL, NULL`))).toBe(CHECK);
    expect(await refusalOf(insert('price_4', '1', `'one_time', UNIT, 'month', 1`))).toBe(CHECK);
    expect(await refusalOf(insert('price_5', '1', `'recurring', UNIT, 'fortnight', 1`))).toBe(CHECK);
    expect(await refused('UPDATE prices SET unit_amount = 1')).toBe(INTEGRITY);
    await sql(`UPDATE prices SET name = 'N', active = false, metadata = '{"a":"b"}'`);

    // One that the release before made: it was billed to those who named it, and goes on so.
    await insert('price_6', '5', `'one_time', UNIT, NULL, NULL`);
    const made = (await loadMigrations(MIGRATION_FOLDERS.tenant)).find(({ name }) =>
      name.endsWith('_optional_one_time_prices'),
    );
    await sql(made?.statements[0] ?? '');
    expect((await sql(`SELECT id FROM prices WHERE optional`)).rows).toEqual([{ id: 'price_6' }]);
    expect(await refused('UPDATE prices SET unit_amount = 1')).toBe(INTEGRITY);
  });

  it('has one default payment method a customer', async () => {
    const insert = (id: string) =>
      sql(
        `INSERT INTO payment_methods (id, customer_id, provider, token, kind, label, is_default, created_at)
         VALUES ('${id}', 'cus_1', 'sandbox', 't', 'card', 'l', true, now())`,
      );
    await insert('pm_1');
    expect(await refusalOf(insert('pm_2'))).toBe(UNIQUE);
    await sql(`UPDATE payment_methods SET detached_at = now()`);
    await insert('pm_2');
  });

  it('has number series and a clock that never go back', async () => {
    await sql(`INSERT INTO number_series (series, next) VALUES ('INV', 7)`);
    await sql(`UPDATE number_series SET next = 8`);
    expect(await refused('UPDATE number_series SET next = 7')).toBe(INTEGRITY);
    expect(await refused('DELETE FROM number_series')).toBe(INTEGRITY);
    await sql(`INSERT INTO test_clock (id, now) VALUES (1, '2026-01-31')`);
    expect(await refused(`UPDATE test_clock SET now = '2026-01-30'`)).toBe(INTEGRITY);
    await sql(`UPDATE test_clock SET now = '2026-02-28'`);
    expect(await refused(`INSERT INTO test_clock (id, now) VALUES (2, '2026-01-31')`)).toBe(CHECK);
  });

  it('gives numbers without a gap to fifty that ask at once, a third of whom change their mind', async () => {
    const url = new URL(POSTGRES_URL);
    url.pathname = `/${tenant.name}`;
    const pool = new pg.Pool({ connectionString: url.href, max: 8 });
    const taken = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const client = await pool.connect();
        try {
          await client.query('BEGIN');
          const { rows } = await client.query<{ number: string }>(
            `INSERT INTO number_series (series, next) VALUES ('GAP', 2)
             ON CONFLICT (series) DO UPDATE SET next = number_series.next + 1 RETURNING next - 1 AS number`,
          );
          await client.query(index % 3 === 0 ? 'ROLLBACK' : 'COMMIT');
          return index % 3 === 0 ? [] : [Number(rows[0]?.number)];
        } finally {
          client.release();
        }
      }),
    );
    await pool.end();
    const numbers = taken.flat().sort((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });
});
