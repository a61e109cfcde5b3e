import type pg from 'pg';

import type { Finding } from './money-check.js';
import { MONEY_CHECKS } from './money-checks.js';

/** A rule that is broken everywhere need not be told of a million times. */
const FINDINGS_A_CHECK = 100;

/** What the checks found in one database. */
export interface Verification {
  readonly invoices: number;
  readonly payments: number;
  readonly findings: readonly Finding[];
  /** Whether a check found more than it tells. */
  readonly complete: 'complete' | 'cut_off';
}

/**
 * Checks a tenant database's books, all against one snapshot, so that work that goes on meanwhile is not taken for an
 * error. `client` is in no transaction and reads the whole database.
 */
export async function verifyDatabase(client: pg.ClientBase): Promise<Verification> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const findings: Finding[] = [];
    let complete: Verification['complete'] = 'complete';
    for (const { code, sql } of MONEY_CHECKS) {
      const { rows } = await client.query<Omit<Finding, 'check'>>(
        `SELECT * FROM (${sql}) AS broken LIMIT ${FINDINGS_A_CHECK + 1}`,
      );
      if (rows.length > FINDINGS_A_CHECK) complete = 'cut_off';
      for (const { id, expected, found } of rows.slice(0, FINDINGS_A_CHECK)) {
        findings.push({ check: code, id, expected, found });
      }
    }
    const { rows } = await client.query<{ invoices: number; payments: number }>(
      'SELECT (SELECT count(*)::int FROM invoices) AS invoices, (SELECT count(*)::int FROM payments) AS payments',
    );
    return { invoices: rows[0]?.invoices ?? 0, payments: rows[0]?.payments ?? 0, findings, complete };
  } finally {
    await client.query('ROLLBACK').catch(() => undefined);
  }
}
