import { assembleInvoice, InvoiceAmountError } from '../../domain/invoices/assemble-invoice.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { amountTooLarge } from '../invoices/invoices.errors.js';
import { discountsOfPlan } from './discounts-of-plan.js';
import type { AssembledPlan, InvoicePlan, NamedDiscountUse } from './invoice-plan.js';
import { type BilledCustomer, loadCustomers } from './load-customers.js';
import { type ActiveDiscount, loadDiscounts } from './load-discounts.js';
import { loadTaxes, type TaxesFor } from './load-taxes.js';

/** What the money of invoices depends on besides what they charge. */
export interface BillingTerms {
  readonly customerOf: (id: string) => BilledCustomer;
  readonly discountsOf: (customerId: string) => readonly ActiveDiscount[];
  readonly taxesFor: TaxesFor;
}

/**
 * Reads customers, their discounts and the tax rates for plans, a fixed number of statements however many there are.
 * With `lock` discounts stay as they were read until the transaction ends.
 */
export async function loadBillingTerms(
  ctx: TenantContext,
  db: TenantReader,
  customerIds: readonly string[],
  access: 'read' | 'lock',
): Promise<BillingTerms> {
  const customerOf = await loadCustomers(db, customerIds);
  const discounts = await loadDiscounts(db, customerIds, access);
  const taxesFor = await loadTaxes(ctx, db);
  return { customerOf, discountsOf: (customerId) => discounts.get(customerId) ?? [], taxesFor };
}

/**
 * What invoices of these plans would come to, in the order of the plans, without writing anything. What two plans of
 * one customer would take from the same discount is shown for each as if it were alone. `more` are discounts that a new
 * subscription would come with.
 * @throws amountTooLarge
 */
export async function assembleInvoicePlans(
  ctx: TenantContext,
  db: TenantReader,
  plans: readonly InvoicePlan[],
  more: readonly ActiveDiscount[] = [],
): Promise<AssembledPlan[]> {
  const customerIds = plans.map(({ customerId }) => customerId);
  const terms = await loadBillingTerms(ctx, db, customerIds, 'read');
  return plans.map((plan) => assemblePlan(plan, terms, [...terms.discountsOf(plan.customerId), ...more]));
}

/**
 * The money of one plan with the discounts that are left for it.
 * @throws amountTooLarge
 */
export function assemblePlan(
  plan: InvoicePlan,
  { customerOf, taxesFor }: Pick<BillingTerms, 'customerOf' | 'taxesFor'>,
  active: readonly ActiveDiscount[],
): AssembledPlan {
  const customer = customerOf(plan.customerId);
  const { lines, discounts } = discountsOfPlan(plan, active);
  try {
    const money = assembleInvoice({
      lines,
      discounts,
      taxOf: ({ taxCategory }) => taxesFor(customer, taxCategory),
    });
    return { plan, money, discounts: nameUses(money.discounts, active) };
  } catch (error) {
    if (error instanceof InvoiceAmountError) throw amountTooLarge(error.message);
    throw error;
  }
}

function nameUses(
  uses: readonly { readonly id: string; readonly amount: bigint }[],
  active: readonly ActiveDiscount[],
): NamedDiscountUse[] {
  return uses
    .filter(({ amount }) => amount > 0n)
    .map(({ id, amount }) => {
      const name = active.find(({ state }) => state.id === id)?.name ?? id;
      return { discountId: id, name, amount };
    });
}
