import type { HttpClient } from './http-client.js';

/** In Kenya, where every one of the fakes takes money; the phone is the one that the fake M-Pesa has. */
const CUSTOMER = {
  externalId: 'demo-payer',
  name: 'Kahawa House',
  email: 'owner@kahawa.example',
  phone: '+254708374149',
  currency: 'KES',
  country: 'KE',
  address: { line1: '12 Biashara Street', city: 'Nairobi', country: 'KE' },
};

const INVOICE = {
  customerId: CUSTOMER.externalId,
  lines: [
    { description: 'Roasted beans, 5 kg', quantity: '3', unitAmount: '125000' },
    { description: 'Delivery in Nairobi', quantity: '1', unitAmount: '35000' },
  ],
  netTermsDays: 14,
};

interface Invoice {
  id: string;
  hostedUrl: string | null;
}

/** The page of an invoice that is still to be paid, so that there is one to be tried; a new one when all are paid. */
export async function ensureUnpaidInvoice(api: HttpClient): Promise<string | null> {
  const place = `/customers/${CUSTOMER.externalId}`;
  if (!(await api.find(place))) await api.post('/customers', CUSTOMER);
  const open = await api.get<{ data: Invoice[] }>(`${place}/invoices?status=open&limit=1`);
  const [unpaid] = open.data;
  if (unpaid) return unpaid.hostedUrl;
  const draft = await api.post<Invoice>('/invoices', INVOICE);
  return (await api.post<Invoice>(`/invoices/${draft.id}/finalize`, {})).hostedUrl;
}
