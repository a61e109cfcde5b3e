/** What the triggers of a tenant's database record changes of: its tables, by what the API calls a row of them. */
export const AUDITED_TABLES = {
  customer: 'customers',
  payment_method: 'payment_methods',
  plan: 'plans',
  price: 'prices',
  subscription: 'subscriptions',
  subscription_item: 'subscription_items',
  invoice: 'invoices',
  invoice_line: 'invoice_lines',
  payment: 'payments',
  plan_version: 'plan_versions',
  plan_feature: 'plan_features',
  meter: 'meters',
  usage_alert: 'usage_alerts',
  subscription_change: 'subscription_changes',
  coupon: 'coupons',
  discount: 'discounts',
  tax_rate: 'tax_rates',
  credit_note: 'credit_notes',
  credit_note_line: 'credit_note_lines',
  refund: 'refunds',
  wallet: 'wallets',
  wallet_grant: 'wallet_grants',
  feature: 'features',
  feature_override: 'feature_overrides',
  webhook_endpoint: 'webhook_endpoints',
  checkout_session: 'checkout_sessions',
  unmatched_payment: 'unmatched_payments',
  dispute: 'disputes',
  dunning_policy: 'dunning_policies',
} as const;

export type AuditedObject = keyof typeof AUDITED_TABLES;
export const AUDITED_OBJECTS = Object.keys(AUDITED_TABLES) as [AuditedObject, ...AuditedObject[]];

/** What the API calls a row of this table. */
export function objectOf(table: string): AuditedObject {
  const object = AUDITED_OBJECTS.find((name) => AUDITED_TABLES[name] === table);
  if (!object) throw new Error(`The audit log names the table ${table}, which nobody knows.`);
  return object;
}
