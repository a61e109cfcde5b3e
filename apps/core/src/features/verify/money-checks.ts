import { balances } from './checks/balances.js';
import { billingPeriods } from './checks/billing-periods.js';
import { creditNoteNumbers, creditNotes } from './checks/credit-notes.js';
import { invoiceBalance } from './checks/invoice-balance.js';
import { invoiceDiscounts } from './checks/invoice-discounts.js';
import { invoiceLines } from './checks/invoice-lines.js';
import { invoiceNumbers } from './checks/invoice-numbers.js';
import { invoicePayments } from './checks/invoice-payments.js';
import { invoiceTaxes } from './checks/invoice-taxes.js';
import { paymentLimits } from './checks/payment-limits.js';
import { refunds } from './checks/refunds.js';
import { sandboxCharges } from './checks/sandbox-charges.js';
import { wallets } from './checks/wallets.js';
import type { MoneyCheck } from './money-check.js';

/** Everything that must hold of a tenant's books. A feature that moves money adds its rules here. */
export const MONEY_CHECKS: readonly MoneyCheck[] = [
  invoiceLines,
  invoiceDiscounts,
  invoiceTaxes,
  invoicePayments,
  invoiceBalance,
  invoiceNumbers,
  paymentLimits,
  billingPeriods,
  sandboxCharges,
  creditNotes,
  creditNoteNumbers,
  balances,
  wallets,
  refunds,
];
