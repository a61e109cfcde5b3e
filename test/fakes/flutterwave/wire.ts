import { exactly, type ExactNumber, type Json, type JsonObject } from '../frame/json-text.js';
import type { Refund, Transaction } from './world.js';

/** Hundredths as a number of major units, its decimals only where it has some: 1150.35, 2500, 98.6. */
export const major = (hundredths: number): ExactNumber => {
  const whole = Math.trunc(hundredths / 100);
  const part = String(hundredths % 100)
    .padStart(2, '0')
    .replace(/0+$/, '');
  return exactly(part === '' ? String(whole) : `${whole}.${part}`);
};

const customerOf = (transaction: Transaction): JsonObject => ({
  id: 200_000 + (transaction.id % 1_000),
  name: transaction.customerName ?? 'Anonymous customer',
  phone_number: transaction.phone,
  email: transaction.email,
  created_at: transaction.createdAt,
});

const cardOf = (transaction: Transaction): JsonObject => ({
  first_6digits: '553188',
  last_4digits: '2950',
  issuer: 'MASTERCARD CREDIT',
  country: 'NIGERIA NG',
  type: 'MASTERCARD',
  token: transaction.token,
  expiry: '09/32',
});

/** A transaction as verify and charges have it. */
export const transactionWire = (transaction: Transaction): JsonObject => ({
  id: transaction.id,
  tx_ref: transaction.txRef,
  flw_ref: transaction.flwRef,
  device_fingerprint: 'N/A',
  amount: major(transaction.amount),
  currency: transaction.currency,
  charged_amount: major(transaction.chargedAmount),
  app_fee: major(transaction.fee),
  merchant_fee: 0,
  processor_response: transaction.processorResponse,
  auth_model: transaction.authModel,
  ip: '127.0.0.1',
  narration: 'CARD Transaction',
  status: transaction.status,
  payment_type: transaction.paymentType,
  created_at: transaction.createdAt,
  account_id: 100_000,
  ...(transaction.paymentType === 'card' ? { card: cardOf(transaction) } : {}),
  meta: transaction.meta,
  amount_settled:
    transaction.status === 'successful' ? major(transaction.chargedAmount - transaction.fee) : 0,
  customer: customerOf(transaction),
});

/** The webhook in its envelope: `charge.completed` for success and failure. */
export const chargeEvent = (transaction: Transaction): JsonObject => {
  const {
    meta: _meta,
    amount_settled: _settled,
    account_id: _account,
    ...data
  } = transactionWire(transaction);
  const { token: _token, ...card } = cardOf(transaction);
  return {
    event: 'charge.completed',
    data: { ...data, account_id: 100_000, ...(transaction.paymentType === 'card' ? { card } : {}) },
    'event.type': transaction.paymentType === 'card' ? 'CARD_TRANSACTION' : 'MOBILEMONEY_TRANSACTION',
  };
};

/** The older webhook: no envelope, and names in camel case. */
export const flatChargeEvent = (transaction: Transaction): JsonObject => ({
  id: transaction.id,
  txRef: transaction.txRef,
  flwRef: transaction.flwRef,
  orderRef: `URF_${transaction.id}`,
  paymentPlan: null,
  createdAt: transaction.createdAt,
  amount: major(transaction.amount),
  charged_amount: major(transaction.chargedAmount),
  status: transaction.status,
  IP: '127.0.0.1',
  currency: transaction.currency,
  appfee: major(transaction.fee),
  customer: {
    id: 200_000 + (transaction.id % 1_000),
    phone: transaction.phone,
    fullName: transaction.customerName,
    email: transaction.email,
  },
  entity: { card6: '553188', card_last4: '2950' },
  'event.type': transaction.paymentType === 'card' ? 'CARD_TRANSACTION' : 'MOBILEMONEY_TRANSACTION',
});

export const refundWire = (refund: Refund): JsonObject => ({
  id: refund.id,
  account_id: 100_000,
  tx_id: refund.transaction.id,
  flw_ref: refund.transaction.flwRef,
  wallet_id: 300_000,
  amount_refunded: major(refund.amount),
  status: refund.status,
  destination: 'payment_source',
  comments: refund.comments,
  meta: { source: 'availablebalance' },
  created_at: refund.createdAt,
});

/** The webhook of a refund, whose names begin with capitals and whose `meta` is JSON in a text. */
export const refundEvent = (refund: Refund): JsonObject => ({
  id: refund.id,
  AmountRefunded: major(refund.amount),
  status: refund.status,
  FlwRef: refund.transaction.flwRef,
  destination: 'payment_source',
  comments: refund.comments,
  settlement_id: 'NEW',
  meta: JSON.stringify({ source: 'availablebalance' }),
  createdAt: refund.createdAt,
  updatedAt: refund.createdAt,
  walletId: 300_000,
  AccountId: 100_000,
  TransactionId: refund.transaction.id,
  'event.type': 'REFUND',
});

export const succeeded = (message: string, data: Json, meta?: Json): JsonObject => ({
  status: 'success',
  message,
  data,
  ...(meta === undefined ? {} : { meta }),
});
