import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { exportedColumns, LEFT_OUT } from './left-out.js';

const SCHEMA = path.resolve(import.meta.dirname, '../../../../../../prisma-tenant/schema.prisma');

describe('an export', () => {
  it('leaves tokens out and keeps what else is known of a payment method', () => {
    expect(exportedColumns('payment_methods', ['id', 'token', 'label'])).toEqual(['id', 'label']);
  });

  it('leaves whole tables out', () => {
    expect(exportedColumns('_prisma_migrations', ['id'])).toBeNull();
    expect(exportedColumns('idempotency_records', ['key'])).toBeNull();
  });

  it('keeps every column of a table that nothing is said of', () => {
    expect(exportedColumns('invoices', ['id', 'total'])).toEqual(['id', 'total']);
  });

  it('knows every column whose name says that it holds a secret', async () => {
    const schema = await readFile(SCHEMA, 'utf8');
    const secret = /token|secret|password|sealed|key_hash/i;
    for (const [, body = ''] of schema.matchAll(/^model \w+ \{\n([\s\S]*?)^\}/gm)) {
      const table = /@@map\("(\w+)"\)/.exec(body)?.[1] ?? '';
      const columns = [...body.matchAll(/^ {2}(\w+) +\w+/gm)].map(([line, name = '']) => {
        const whole = body.slice(body.indexOf(line)).split('\n')[0] ?? '';
        return /@map\("(\w+)"\)/.exec(whole)?.[1] ?? name;
      });
      const kept = exportedColumns(table, columns) ?? [];
      expect({ table, secrets: kept.filter((column) => secret.test(column)) }).toEqual({
        table,
        secrets: [],
      });
    }
  });

  it('says why of everything that it leaves out', () => {
    for (const { why } of LEFT_OUT) expect(why).toMatch(/\.$/);
  });
});
