import type { Json, JsonObject } from '../frame/json-text.js';
import type { Authorization, Customer, Refund, Transaction } from './world.js';

export const authorizationWire = (authorization: Authorization | null): JsonObject =>
  authorization === null
    ? {}
    : {
        authorization_code: authorization.code,
        bin: '408408',
        last4: authorization.last4,
        exp_month: '12',
        exp_year: '2030',
        channel: 'card',
        // Paystack has the blank at the end.
        card_type: 'visa ',
        bank: 'TEST BANK',
        country_code: 'NG',
        brand: 'visa',
        reusable: authorization.reusable,
        signature: authorization.signature,
        account_name: null,
      };

export const customerWire = (customer: Customer): JsonObject => ({
  id: customer.id,
  first_name: customer.firstName,
  last_name: customer.lastName,
  email: customer.email,
  customer_code: customer.code,
  phone: customer.phone,
  metadata: null,
  risk_action: 'default',
});

/** A transaction as verify, list, charge and webhooks have it. */
export const transactionWire = (transaction: Transaction): JsonObject => ({
  id: transaction.id,
  domain: transaction.domain,
  status: transaction.status,
  reference: transaction.reference,
  receipt_number: null,
  amount: transaction.amount,
  requested_amount: transaction.requestedAmount,
  message: null,
  gateway_response: transaction.gatewayResponse,
  paid_at: transaction.paidAt,
  created_at: transaction.createdAt,
  transaction_date: transaction.createdAt,
  channel: transaction.channel,
  currency: transaction.currency,
  ip_address: '127.0.0.1',
  metadata: transaction.metadata,
  fees: transaction.fees,
  fees_split: null,
  authorization: authorizationWire(transaction.authorization),
  customer: customerWire(transaction.customer),
  plan: null,
  split: {},
  order_id: null,
  subaccount: {},
});

export const refundWire = (refund: Refund): JsonObject => ({
  id: refund.id,
  integration: 100_000,
  domain: refund.transaction.domain,
  transaction: refund.transaction.id,
  dispute: null,
  amount: refund.amount,
  deducted_amount: refund.status === 'processed' ? refund.amount : 0,
  fully_deducted: refund.status === 'processed',
  currency: refund.transaction.currency,
  channel: 'migs',
  status: refund.status,
  refunded_by: 'merchant@nova.example',
  refunded_at: refund.createdAt,
  expected_at: refund.createdAt,
  customer_note: refund.customerNote,
  merchant_note: refund.merchantNote,
  created_at: refund.createdAt,
});

export const succeeded = (message: string, data: Json, meta?: Json): JsonObject => ({
  status: true,
  message,
  data,
  ...(meta === undefined ? {} : { meta }),
});
