import { z } from 'zod';

import { listQuery } from '../../platform/http/pagination.js';
import { AddressPatchSchema, AddressSchema } from '../../platform/wire/address.js';
import {
  CountrySchema,
  CurrencySchema,
  EmailSchema,
  PhoneSchema,
  TimeZoneSchema,
} from '../../platform/wire/codes.js';
import { externalIdSchema } from '../../platform/wire/external-id.js';
import { MetadataPatchSchema, MetadataSchema } from '../../platform/wire/metadata.js';
import { lineText } from '../../platform/wire/text.js';
import { PaymentMethodTokenSchema } from '../payment-methods/payment-methods.schemas.js';

const name = lineText({ max: 200 }).describe('As invoices print it.');
const taxId = lineText({ max: 50 }).describe('VAT number, TIN or PIN, as invoices print it.');
const externalId = externalIdSchema('cus').describe(
  'Your own id of the customer, accepted wherever ours is.',
);
const currency = CurrencySchema.describe('The currency they are billed in when nothing else says so.');
const timeZone = TimeZoneSchema.describe(
  'Where their days and months begin; the tenant’s time zone when absent.',
);

export const CreateCustomerSchema = z
  .strictObject({
    name,
    externalId: externalId.optional(),
    email: EmailSchema.optional(),
    phone: PhoneSchema.optional(),
    currency: currency.optional(),
    country: CountrySchema.optional(),
    timeZone: timeZone.optional(),
    taxId: taxId.optional(),
    address: AddressSchema.optional(),
    metadata: MetadataSchema.default({}),
    paymentMethodToken: PaymentMethodTokenSchema.optional().meta({
      description: 'Attaches a payment method, which becomes the default one.',
    }),
  })
  .meta({ id: 'CreateCustomer' });
export type CreateCustomer = z.infer<typeof CreateCustomerSchema>;

export const UpdateCustomerSchema = z
  .strictObject({
    name: name.optional(),
    externalId: externalId.nullable().optional(),
    email: EmailSchema.nullable().optional(),
    phone: PhoneSchema.nullable().optional(),
    currency: currency.nullable().optional(),
    country: CountrySchema.nullable().optional(),
    timeZone: timeZone.nullable().optional(),
    taxId: taxId.nullable().optional(),
    address: AddressPatchSchema.nullable().optional(),
    metadata: MetadataPatchSchema.optional(),
  })
  .meta({ id: 'UpdateCustomer', description: 'A merge patch: what is named changes, null clears.' });
export type UpdateCustomer = z.infer<typeof UpdateCustomerSchema>;

export const ListCustomersQuerySchema = listQuery({
  email: EmailSchema.optional().meta({ description: 'Exactly as the customer has it.' }),
  externalId: externalIdSchema('cus').optional(),
});
export type ListCustomersQuery = z.infer<typeof ListCustomersQuerySchema>;
