import { textAt } from '../json-fields.js';
import { rejected, unknown } from '../outcomes.js';
import type { CustomerOutcome, NewProviderCustomer } from '../payment-provider.js';
import { inDoubt, isDecided } from '../undecided.js';
import { hasWorked, type PaystackApi, refusalOf } from './paystack-api.js';

/** `POST /customer`: one customer for each e-mail address, also when it is asked for again. */
export async function createCustomer(
  api: PaystackApi,
  customer: NewProviderCustomer,
): Promise<CustomerOutcome> {
  if (customer.email === null)
    return rejected('email_missing', 'Paystack knows customers by their e-mail address.');
  const answer = await api.call({
    method: 'POST',
    path: ['customer'],
    body: {
      email: customer.email,
      first_name: customer.name,
      ...(customer.phone === null ? {} : { phone: customer.phone }),
      metadata: { customer: customer.customerId },
    },
  });
  if (!isDecided(answer)) return inDoubt(answer);
  if (!hasWorked(answer)) return refusalOf(answer.body);
  const providerCustomerId = textAt(answer.body, 'data', 'customer_code');
  return providerCustomerId === null
    ? unknown('Paystack told of a customer without a code.')
    : { kind: 'created', providerCustomerId };
}
