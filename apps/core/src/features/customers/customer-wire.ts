import type { Customer } from '@nova/prisma-tenant';
import { z } from 'zod';

import { MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import { AddressSchema, readAddress } from '../../platform/wire/address.js';
import { CurrencySchema } from '../../platform/wire/codes.js';
import { MetadataSchema, readMetadata } from '../../platform/wire/metadata.js';

export const TAX_STATUSES = ['taxable', 'exempt', 'reverse_charge'] as const;
export const INVOICING_MODES = ['separate', 'together'] as const;

export const CustomerSchema = z
  .object({
    object: z.literal('customer'),
    id: z.string(),
    externalId: z.string().nullable(),
    name: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    currency: CurrencySchema.nullable(),
    country: z.string().nullable(),
    timeZone: z.string().nullable(),
    region: z.string().nullable(),
    taxId: z.string().nullable(),
    taxStatus: z.enum(TAX_STATUSES),
    taxReason: z.string().nullable(),
    invoicing: z.enum(INVOICING_MODES),
    address: AddressSchema.nullable(),
    dunningPolicyId: z.string().nullable(),
    metadata: MetadataSchema,
    version: z.int(),
    createdAt: MomentSchema,
    updatedAt: MomentSchema,
  })
  .meta({ id: 'Customer' });
export type CustomerWire = z.infer<typeof CustomerSchema>;

export const CustomerListSchema = listOf(CustomerSchema, 'CustomerList');

/** A database of the release before lacks what says how customers are taxed, invoiced and dunned: that of everybody counts. */
type ReadCustomer = Omit<Customer, 'region' | 'taxStatus' | 'taxReason' | 'invoicing' | 'dunningPolicyId'> &
  Partial<Customer>;

/** The customer as callers see it. */
export function toCustomerWire(row: ReadCustomer): CustomerWire {
  return {
    object: 'customer',
    id: row.id,
    externalId: row.externalId,
    name: row.name,
    email: row.email,
    phone: row.phone,
    // A code was checked on its way in, and the answer is checked against the schema.
    currency: row.currency as CustomerWire['currency'],
    country: row.country,
    timeZone: row.timeZone,
    region: row.region ?? null,
    taxId: row.taxId,
    taxStatus: (row.taxStatus ?? 'taxable') as CustomerWire['taxStatus'],
    taxReason: row.taxReason ?? null,
    invoicing: (row.invoicing ?? 'separate') as CustomerWire['invoicing'],
    address: readAddress(row.address),
    dunningPolicyId: row.dunningPolicyId ?? null,
    metadata: readMetadata(row.metadata),
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
