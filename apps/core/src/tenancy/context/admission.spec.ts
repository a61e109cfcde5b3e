import { describe, expect, it } from 'vitest';

import { type Approach, refusalOf, TENANT_STATUSES } from './admission.js';

const NOW = new Date('2027-03-01T12:00:00Z');
const APPROACHES: readonly Approach[] = ['data', 'receipt', 'account_write', 'account_read'];

const codes = (status: string, maintenance: { reason: string; until: Date | null } | null = null) =>
  APPROACHES.map((approach) => {
    const refusal = refusalOf({ status, statusReason: null, maintenance }, approach, NOW);
    return refusal ? `${refusal.definition.status} ${refusal.definition.code}` : 'pass';
  });

const MAINTENANCE = { reason: 'Moving.', until: null };
const PREPARING = '503 unavailable';
const SUSPENDED = '403 tenant_suspended';
const ARCHIVED = '410 tenant_archived';
const GONE = '404 not_found';
const BUSY = '503 tenant_maintenance';

/** Columns: a database, word of what has come in, writing the account, reading the account; then the same under maintenance. */
const TABLE: Record<(typeof TENANT_STATUSES)[number], readonly [string[], string[]]> = {
  provisioning: [
    [PREPARING, PREPARING, PREPARING, PREPARING],
    [PREPARING, PREPARING, PREPARING, PREPARING],
  ],
  active: [
    ['pass', 'pass', 'pass', 'pass'],
    [BUSY, BUSY, BUSY, 'pass'],
  ],
  suspended: [
    [SUSPENDED, 'pass', SUSPENDED, 'pass'],
    [SUSPENDED, BUSY, SUSPENDED, 'pass'],
  ],
  archived: [
    [ARCHIVED, 'pass', ARCHIVED, 'pass'],
    [ARCHIVED, BUSY, ARCHIVED, 'pass'],
  ],
  deleting: [
    [ARCHIVED, ARCHIVED, ARCHIVED, ARCHIVED],
    [ARCHIVED, ARCHIVED, ARCHIVED, ARCHIVED],
  ],
  deleted: [
    [GONE, GONE, GONE, GONE],
    [GONE, GONE, GONE, GONE],
  ],
};

describe('admission', () => {
  it.each(TENANT_STATUSES)('of a tenant that is %s, in and out of maintenance', (status) => {
    expect([codes(status), codes(status, MAINTENANCE)]).toEqual(TABLE[status]);
  });

  it('lets nobody in where there is no tenant, or one of a status that is not known', () => {
    expect(codes('frozen')).toEqual([GONE, GONE, GONE, GONE]);
    expect(APPROACHES.map((approach) => refusalOf(null, approach, NOW)?.definition.code)).toEqual(
      Array(4).fill('not_found'),
    );
  });

  it.each([
    [null, '60'],
    [new Date('2027-03-01T12:10:00Z'), '600'],
    [new Date('2027-03-01T12:00:00.200Z'), '1'],
    [NOW, '60'],
    [new Date('2027-03-01T11:00:00Z'), '60'],
  ])('with maintenance until %s tells clients to try again after %s s', (until, seconds) => {
    const maintenance = { reason: 'Moving.', until };
    const refusal = refusalOf({ status: 'active', statusReason: null, maintenance }, 'data', NOW);
    expect(refusal?.headers).toEqual({ 'Retry-After': seconds });
  });

  it('tells the reasons that the operator gave', () => {
    const of = (status: string, maintenance: typeof MAINTENANCE | null) =>
      refusalOf({ status, statusReason: 'unpaid since May', maintenance }, 'data', NOW)?.message;
    expect(of('suspended', null)).toContain('unpaid since May');
    expect(of('archived', null)).toContain('unpaid since May');
    expect(of('active', MAINTENANCE)).toContain('Moving.');
  });
});
