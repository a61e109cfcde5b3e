import { describe, expect, it } from 'vitest';

import { DUE_KINDS, type DueKind } from '../../tenancy/due-work/due-kinds.js';
import { DueSources } from '../../tenancy/due-work/due-sources.js';
import type { TenantReader } from '../../tenancy/tenant-context.js';
import { nextDueMoment } from './due-moment.js';

const none = {} as TenantReader;
const tenant = { timeZone: 'UTC' };

function sourcesOf(billing: string | null, payments: string | null): DueSources {
  const sources = new DueSources();
  sources.register('billing', async () => (billing === null ? null : { at: new Date(billing), id: 'sub_1' }));
  sources.register('payments', async () =>
    payments === null ? null : { at: new Date(payments), id: 'pay_1' },
  );
  for (const kind of Object.keys(DUE_KINDS) as DueKind[])
    if (kind !== 'billing' && kind !== 'payments') sources.register(kind, async () => null);
  return sources;
}

describe('nextDueMoment', () => {
  it('is null when nothing is due', async () => {
    expect(await nextDueMoment(sourcesOf(null, null), none, tenant)).toBeNull();
  });

  it('is the earliest, with the kinds that are due then', async () => {
    const due = await nextDueMoment(sourcesOf('2027-02-01', '2027-01-31'), none, tenant);
    expect(due).toEqual({ at: new Date('2027-01-31'), kinds: ['payments'] });
  });

  it('names kinds that are due at the same moment in their order', async () => {
    const due = await nextDueMoment(sourcesOf('2027-01-31', '2027-01-31'), none, tenant);
    expect(due?.kinds).toEqual(['billing', 'payments']);
  });
});
