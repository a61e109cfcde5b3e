import { type Api, type ApiResponse, expectStatus } from './api.js';
import { type Case, onTwo } from './keyed-cases.js';

/** The POST routes of credit notes, refunds, balances and wallets, each with requests to try a key with. */
export function creditCases({
  api,
  settle,
}: {
  api: () => Api;
  settle: () => Promise<void>;
}): Record<string, () => Promise<Case>> {
  const made = async (path: string, body: unknown): Promise<ApiResponse['body']> =>
    expectStatus(await api().post(path, body), 201);
  const customer = async (): Promise<string> =>
    (await made('/customers', { name: 'Payer', currency: 'NGN' })).id;
  const wallet = async (): Promise<string> =>
    (await made('/wallets', { customerId: await customer(), name: 'Credit' })).id;

  /** An invoice over 2,500.00 that was paid by hand, or by a card; with its payment. */
  async function paidInvoice(card?: string): Promise<{ id: string; paymentId: string }> {
    const customerId = await customer();
    if (card) await made(`/customers/${customerId}/payment-methods`, { token: card });
    const lines = [{ description: 'Work', quantity: '1', unitAmount: '250000' }];
    const { id } = await made('/invoices', { customerId, lines, collectionMethod: 'send_invoice' });
    expectStatus(await api().post(`/invoices/${id}/finalize`), 200);
    expectStatus(await api().post(`/invoices/${id}/${card ? 'pay' : 'mark-paid'}`, {}), 200);
    const payments = expectStatus(await api().get(`/payments?invoice=${id}`), 200);
    return { id, paymentId: payments.data[0].id };
  }

  /** A refund that somebody has to pay back by hand, or that a card has refused. */
  async function refundOf(card?: string): Promise<string> {
    const { id: invoiceId } = await paidInvoice(card);
    const note = await made('/credit-notes', { invoiceId, amount: 1_000, to: 'refund' });
    if (card) await settle();
    return expectStatus(await api().get(`/refunds?creditNote=${note.id}`), 200).data[0].id;
  }

  async function creditedPayment(): Promise<string> {
    const { id: invoiceId, paymentId } = await paidInvoice();
    await made('/credit-notes', { invoiceId, amount: 1_000 });
    return paymentId;
  }

  const creditNote = async (): Promise<string> =>
    (await made('/credit-notes', { invoiceId: (await paidInvoice()).id })).id;

  return {
    '/api/credit-notes': async () => {
      const { id: invoiceId } = await paidInvoice();
      return {
        first: { path: '/credit-notes', body: { invoiceId, amount: 500 } },
        other: { path: '/credit-notes', body: { invoiceId, amount: 600 } },
      };
    },
    '/api/credit-notes/{id}/void': () => onTwo(creditNote, (id) => `/credit-notes/${id}/void`),
    '/api/customers/{id}/balance/adjustments': async () => {
      const path = `/customers/${await customer()}/balance/adjustments`;
      const body = { currency: 'NGN', amount: 500, note: 'Sorry' };
      return { first: { path, body }, other: { path, body: { ...body, amount: 600 } } };
    },
    '/api/payments/{id}/refunds': () =>
      onTwo(creditedPayment, (id) => `/payments/${id}/refunds`, { amount: 9 }),
    '/api/refunds/{id}/mark-paid': () =>
      onTwo(
        () => refundOf(),
        (id) => `/refunds/${id}/mark-paid`,
      ),
    '/api/refunds/{id}/retry': () =>
      onTwo(
        () => refundOf('pm_sandbox_refund_failure'),
        (id) => `/refunds/${id}/retry`,
        { by: 'hand' },
      ),
    '/api/wallets': async () => {
      const customerId = await customer();
      return {
        first: { path: '/wallets', body: { customerId, name: 'Credit' } },
        other: { path: '/wallets', body: { customerId, name: 'More credit' } },
      };
    },
    '/api/wallets/{id}/top-ups': () => onTwo(wallet, (id) => `/wallets/${id}/top-ups`, { amount: 500 }),
    '/api/wallets/{id}/close': () => onTwo(wallet, (id) => `/wallets/${id}/close`),
  };
}
