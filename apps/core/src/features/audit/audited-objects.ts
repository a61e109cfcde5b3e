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
} as const;

export type AuditedObject = keyof typeof AUDITED_TABLES;
export const AUDITED_OBJECTS = Object.keys(AUDITED_TABLES) as [AuditedObject, ...AuditedObject[]];

/** What the API calls a row of this table. */
export function objectOf(table: string): AuditedObject {
  const object = AUDITED_OBJECTS.find((name) => AUDITED_TABLES[name] === table);
  if (!object) throw new Error(`The audit log names the table ${table}, which nobody knows.`);
  return object;
}
