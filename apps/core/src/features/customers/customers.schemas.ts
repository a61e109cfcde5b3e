import { z } from 'zod';

import { listQuery } from '../../platform/http/pagination.js';
import { AddressPatchSchema, AddressSchema } from '../../platform/wire/address.js';
import {
  CountrySchema,
  CurrencySchema,
  EmailSchema,
  PhoneSchema,
  RegionSchema,
  TimeZoneSchema,
} from '../../platform/wire/codes.js';
import { externalIdSchema } from '../../platform/wire/external-id.js';
import { MetadataPatchSchema, MetadataSchema } from '../../platform/wire/metadata.js';
import { lineText } from '../../platform/wire/text.js';
import { PaymentMethodTokenSchema } from '../payment-methods/payment-methods.schemas.js';
import { INVOICING_MODES, TAX_STATUSES } from './customer-wire.js';

const name = lineText({ max: 200 }).describe('As invoices print it.');
const taxId = lineText({ max: 50 }).describe('VAT number, TIN or PIN, as invoices print it.');
const externalId = externalIdSchema('cus').describe(
  'Your own id of the customer, accepted wherever ours is.',
);
const currency = CurrencySchema.describe('The currency they are billed in when nothing else says so.');
const timeZone = TimeZoneSchema.describe(
  'Where their days and months begin; the tenant’s time zone when absent.',
);

const region = RegionSchema.describe(
  'A state or province, which taxes may depend on: written as your tax rates have it.',
);
const taxStatus = z.enum(TAX_STATUSES).meta({
  description:
    '`taxable`: pays the taxes of its country and region. `exempt`: pays none. `reverse_charge`: owes them itself. Of the last two the invoice says so, with `taxReason`.',
});
const taxReason = lineText({ max: 200 }).describe(
  'Why no tax is taken, as invoices print it: the number of a certificate, a paragraph.',
);
const invoicing = z.enum(INVOICING_MODES).meta({
  description:
    '`separate`: an invoice for each subscription. `together`: what comes due at the same moment is one invoice.',
});

const dunningPolicyId = z
  .string()
  .min(1)
  .max(255)
  .describe('What is done about their unpaid invoices; by the plan’s or the default policy when absent.');

export const CreateCustomerSchema = z
  .strictObject({
    name,
    externalId: externalId.optional(),
    email: EmailSchema.optional(),
    phone: PhoneSchema.optional(),
    currency: currency.optional(),
    country: CountrySchema.optional(),
    timeZone: timeZone.optional(),
    region: region.optional(),
    taxId: taxId.optional(),
    taxStatus: taxStatus.default('taxable'),
    taxReason: taxReason.optional(),
    invoicing: invoicing.default('separate'),
    address: AddressSchema.optional(),
    dunningPolicyId: dunningPolicyId.optional(),
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
    region: region.nullable().optional(),
    taxId: taxId.nullable().optional(),
    taxStatus: taxStatus.optional(),
    taxReason: taxReason.nullable().optional(),
    invoicing: invoicing.optional(),
    address: AddressPatchSchema.nullable().optional(),
    dunningPolicyId: dunningPolicyId.nullable().optional(),
    metadata: MetadataPatchSchema.optional(),
  })
  .meta({ id: 'UpdateCustomer', description: 'A merge patch: what is named changes, null clears.' });
export type UpdateCustomer = z.infer<typeof UpdateCustomerSchema>;

export const ListCustomersQuerySchema = listQuery({
  email: EmailSchema.optional().meta({ description: 'Exactly as the customer has it.' }),
  externalId: externalIdSchema('cus').optional(),
});
export type ListCustomersQuery = z.infer<typeof ListCustomersQuerySchema>;
