import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import { AUDITED_TABLES } from '@nova/core/features/audit/audited-objects.js';
import { beforeAll, describe, expect, it } from 'vitest';

import { REPOSITORY } from '../support/source-files.js';

/** The tables whose changes the audit log does not have, and why. */
const EXEMPT: Readonly<Record<string, string>> = {
  billing_periods: 'follow from their subscription, and are made by jobs',
  number_series: 'follow from the invoices that took the numbers',
  sandbox_charges: 'stand for a provider, which is not ours',
  sandbox_refunds: 'stand for a provider, which is not ours',
  email_messages: 'are a log themselves, of what was sent on whose request',
  outbox: 'are gone as soon as they are relayed',
  test_clock: 'is of test data alone; the request log has who moved it',
  idempotency_records: 'repeat what requests have changed',
  request_log: 'is a log',
  audit_log: 'is this log',
  subscription_mrr: 'follow from their subscription',
  mrr_movements: 'are a log themselves, append-only, of what subscriptions come to',
  usage_alert_firings: 'follow from usage, and are made by jobs',
  usage_alert_checks: 'are gone as soon as alerts were looked at',
  invoice_discounts: 'follow from their invoice',
  customer_balances: 'are the sum of their entries',
  balance_entries: 'are a log themselves, append-only, with what made each of them',
  wallet_entries: 'are a log themselves, append-only, with what made each of them',
  feature_uses: 'are counted up by every use of a feature',
  feature_consumptions: 'are a log themselves, of what was used',
  events: 'are a log themselves, of what happened',
  webhook_deliveries: 'are a log themselves, of what endpoints heard of',
  webhook_attempts: 'are a log themselves, of what was sent',
  provider_webhooks: 'are a log themselves, of what providers sent',
  reconciliations: 'are a bookmark, which jobs move',
  dunning_runs: 'follow from their invoice, and are made by jobs',
  dunning_entries: 'are a log themselves, of what was done about an invoice',
};

let tables: string[];
let sql: string;

beforeAll(async () => {
  const folder = path.join(REPOSITORY, 'prisma-tenant');
  const schema = await readFile(path.join(folder, 'schema.prisma'), 'utf8');
  tables = [...schema.matchAll(/@@map\("(\w+)"\)/g)].map(([, table = '']) => table);
  const migrations = (await readdir(path.join(folder, 'migrations'), { withFileTypes: true })).filter(
    (entry) => entry.isDirectory(),
  );
  const files = migrations.map(({ name }) =>
    readFile(path.join(folder, 'migrations', name, 'migration.sql'), 'utf8'),
  );
  sql = (await Promise.all(files)).join('\n');
});

describe('every table of a tenant’s database', () => {
  it('has its changes recorded, or a reason why not', () => {
    const audited = [
      ...sql.matchAll(/CREATE TRIGGER "\w+_audit" AFTER INSERT OR UPDATE OR DELETE ON "(\w+)"/g),
    ].map(([, table = '']) => table);
    expect([...audited].sort()).toEqual(Object.values(AUDITED_TABLES).sort());
    expect([...audited, ...Object.keys(EXEMPT)].sort()).toEqual([...tables].sort());
  });

  it('keeps its secrets out of the log', () => {
    const columns = [...sql.matchAll(/CREATE TABLE "(\w+)" \(([^]*?)\n\);/g)].flatMap(
      ([, table = '', body = '']) =>
        [...body.matchAll(/^\s+"(\w*(?:token|secret|password|sealed)\w*)"/gm)].map(
          ([, column = '']) => [table, column] as const,
        ),
    );
    expect(columns.length).toBeGreaterThan(0);
    for (const [table, column] of columns) {
      if (EXEMPT[table]) continue;
      const trigger = new RegExp(`ON "${table}"\\s+FOR EACH ROW[^;]*"record_audit"\\(([^)]*)\\)`).exec(
        sql,
      )?.[1];
      expect(trigger, `${table}.${column}`).toContain(`'${column}'`);
    }
  });
});
