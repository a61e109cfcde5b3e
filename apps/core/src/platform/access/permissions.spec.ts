import { describe, expect, it } from 'vitest';

import { KEY_PERMISSIONS, PERMISSIONS, ROLE_PERMISSIONS, ROLES } from './permissions.js';

/** The whole table as text, so that a change of who may do what is seen in review and nowhere overlooked. */
function table(): string {
  const columns = [...ROLES, 'api key'] as const;
  const cell = (column: (typeof columns)[number], permission: (typeof PERMISSIONS)[number]) => {
    const may =
      column === 'api key' ? KEY_PERMISSIONS.includes(permission) : ROLE_PERMISSIONS[column].has(permission);
    return (may ? 'yes' : '-').padEnd(9);
  };
  const header = ['permission'.padEnd(20), ...columns.map((column) => column.padEnd(9))].join(' ').trimEnd();
  const rows = PERMISSIONS.map((permission) =>
    [permission.padEnd(20), ...columns.map((column) => cell(column, permission))].join(' ').trimEnd(),
  );
  return ['', header, ...rows, ''].join('\n');
}

describe('who may do what', () => {
  it('is this table', () => {
    expect(table()).toMatchInlineSnapshot(`
      "
      permission           owner     admin     developer finance   support   viewer    api key
      tenant:read          yes       yes       yes       yes       yes       yes       yes
      tenant:write         yes       yes       -         -         -         -         -
      members:read         yes       yes       yes       yes       -         -         -
      members:write        yes       yes       -         -         -         -         -
      api_keys:read        yes       yes       yes       -         -         -         -
      api_keys:write       yes       yes       yes       -         -         -         -
      customers:read       yes       yes       yes       yes       yes       yes       yes
      customers:write      yes       yes       yes       yes       yes       -         yes
      plans:read           yes       yes       yes       yes       yes       yes       yes
      plans:write          yes       yes       yes       -         -         -         yes
      coupons:read         yes       yes       yes       yes       yes       yes       yes
      coupons:write        yes       yes       yes       yes       -         -         yes
      tax_rates:read       yes       yes       yes       yes       yes       yes       yes
      tax_rates:write      yes       yes       yes       yes       -         -         yes
      meters:read          yes       yes       yes       yes       yes       yes       yes
      meters:write         yes       yes       yes       -         -         -         yes
      usage:read           yes       yes       yes       yes       yes       yes       yes
      usage:write          yes       yes       yes       -         -         -         yes
      events:read          yes       yes       yes       yes       yes       yes       yes
      webhooks:read        yes       yes       yes       yes       yes       yes       yes
      webhooks:write       yes       yes       yes       -         -         -         yes
      subscriptions:read   yes       yes       yes       yes       yes       yes       yes
      subscriptions:write  yes       yes       yes       yes       -         -         yes
      invoices:read        yes       yes       yes       yes       yes       yes       yes
      invoices:write       yes       yes       yes       yes       -         -         yes
      payments:read        yes       yes       yes       yes       yes       yes       yes
      payments:write       yes       yes       yes       yes       -         -         yes
      payment_providers:read yes       yes       yes       yes       yes       yes       yes
      payment_providers:write yes       yes       yes       -         -         -         yes
      dunning:read         yes       yes       yes       yes       yes       yes       yes
      dunning:write        yes       yes       yes       yes       -         -         yes
      wallets:read         yes       yes       yes       yes       yes       yes       yes
      wallets:write        yes       yes       yes       yes       -         -         yes
      entitlements:read    yes       yes       yes       yes       yes       yes       yes
      entitlements:write   yes       yes       yes       yes       -         -         yes
      analytics:read       yes       yes       yes       yes       yes       yes       yes
      billing:read         yes       yes       yes       yes       -         -         -
      billing:write        yes       yes       -         yes       -         -         -
      test_mode:read       yes       yes       yes       yes       yes       yes       yes
      test_mode:write      yes       yes       yes       -         -         -         yes
      audit_log:read       yes       yes       yes       -         -         -         yes
      request_log:read     yes       yes       yes       -         -         -         yes
      "
    `);
  });

  it('gives no API key anything about the account', () => {
    const account = /^(tenant:write|members:|api_keys:)/;
    expect(KEY_PERMISSIONS.filter((permission) => account.test(permission))).toEqual([]);
  });

  it('lets nobody make keys that may do more than himself', () => {
    for (const role of ROLES) {
      if (!ROLE_PERMISSIONS[role].has('api_keys:write')) continue;
      for (const permission of KEY_PERMISSIONS)
        expect(ROLE_PERMISSIONS[role].has(permission), role).toBe(true);
    }
  });

  it('lets everybody read the billing data, and only those who write a thing also read it', () => {
    for (const role of ROLES) {
      for (const permission of PERMISSIONS) {
        if (!permission.endsWith(':write') || !ROLE_PERMISSIONS[role].has(permission)) continue;
        const read = PERMISSIONS.find((other) => other === permission.replace(':write', ':read'));
        expect(read && ROLE_PERMISSIONS[role].has(read), `${role} ${permission}`).toBe(true);
      }
    }
  });
});
