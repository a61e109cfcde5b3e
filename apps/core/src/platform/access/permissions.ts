/** What a route may require. API key scopes are these same words. */
export const PERMISSIONS = [
  'tenant:read',
  'tenant:write',
  'members:read',
  'members:write',
  'api_keys:read',
  'api_keys:write',
  'customers:read',
  'customers:write',
  'plans:read',
  'plans:write',
  'coupons:read',
  'coupons:write',
  'tax_rates:read',
  'tax_rates:write',
  'meters:read',
  'meters:write',
  'usage:read',
  'usage:write',
  'events:read',
  'webhooks:read',
  'webhooks:write',
  'subscriptions:read',
  'subscriptions:write',
  'invoices:read',
  'invoices:write',
  'payments:read',
  'payments:write',
  'payment_providers:read',
  'payment_providers:write',
  'dunning:read',
  'dunning:write',
  'wallets:read',
  'wallets:write',
  'entitlements:read',
  'entitlements:write',
  'analytics:read',
  'billing:read',
  'billing:write',
  'test_mode:read',
  'test_mode:write',
  'audit_log:read',
  'request_log:read',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export const ROLES = ['owner', 'admin', 'developer', 'finance', 'support', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** What concerns the account itself, not its billing data, takes a person: no API key may do it. */
const ACCOUNT_PERMISSIONS: readonly Permission[] = [
  'tenant:write',
  'members:read',
  'members:write',
  'api_keys:read',
  'api_keys:write',
  // What the platform bills the tenant.
  'billing:read',
  'billing:write',
];

/** The permissions an API key may carry: a secret key has them all, a restricted key those of its scopes. */
export const KEY_PERMISSIONS: readonly Permission[] = PERMISSIONS.filter(
  (p) => !ACCOUNT_PERMISSIONS.includes(p),
);

/** Who did what, and what was asked, is for those who look after the account and its integration. */
const LOG_PERMISSIONS: readonly Permission[] = ['audit_log:read', 'request_log:read'];

const everyRead = PERMISSIONS.filter(
  (p) => p.endsWith(':read') && !ACCOUNT_PERMISSIONS.includes(p) && !LOG_PERMISSIONS.includes(p),
);

/** The one table of who may do what. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  owner: new Set(PERMISSIONS),
  admin: new Set(PERMISSIONS),
  developer: new Set([
    ...KEY_PERMISSIONS,
    'api_keys:read',
    'api_keys:write',
    'members:read',
    'billing:read',
  ] satisfies Permission[]),
  finance: new Set([
    ...everyRead,
    'customers:write',
    'subscriptions:write',
    'invoices:write',
    'payments:write',
    'dunning:write',
    'wallets:write',
    'coupons:write',
    'tax_rates:write',
    'entitlements:write',
    'members:read',
    'billing:read',
    'billing:write',
  ] satisfies Permission[]),
  support: new Set([...everyRead, 'customers:write'] satisfies Permission[]),
  viewer: new Set(everyRead),
};
