import type { Customer } from '@nova/prisma-tenant';
import { z } from 'zod';

import { AddressSchema } from '../../platform/wire/address.js';
import type { TenantProfile } from '../../tenancy/tenant-context.js';

/** Who sends an invoice, as the document prints it. Frozen at finalisation. */
export const InvoiceSellerSchema = z
  .object({
    name: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    taxId: z.string().nullable(),
    registrationNumber: z.string().nullable(),
    address: AddressSchema.nullable(),
    footer: z.string().nullable(),
  })
  .meta({
    id: 'InvoiceSeller',
    description: 'Who sends the invoice, as it stood when the invoice was finalised.',
  });
export type InvoiceSeller = z.infer<typeof InvoiceSellerSchema>;

/** Whom an invoice is sent to, as the document prints it. Frozen at finalisation. */
export const InvoiceBuyerSchema = z
  .object({
    name: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    taxId: z.string().nullable(),
    country: z.string().nullable(),
    address: AddressSchema.nullable(),
    taxReason: z.string().nullish().meta({ description: 'Why it is not taxed, where it is not.' }),
  })
  .meta({
    id: 'InvoiceBuyer',
    description: 'Whom it is sent to, as it stood when the invoice was finalised.',
  });
export type InvoiceBuyer = z.infer<typeof InvoiceBuyerSchema>;

/** The seller as the tenant's settings now have it. */
export function sellerOf(tenant: TenantProfile): InvoiceSeller {
  const { settings } = tenant;
  return {
    name: settings.legalName ?? tenant.name,
    email: settings.email ?? null,
    phone: settings.phone ?? null,
    taxId: settings.taxId ?? null,
    registrationNumber: settings.registrationNumber ?? null,
    address: settings.address ?? null,
    footer: settings.invoiceFooter ?? null,
  };
}

/** The buyer as the customer's row now has it. */
export function buyerOf(customer: Customer): InvoiceBuyer {
  return {
    name: customer.name,
    email: customer.email,
    phone: customer.phone,
    taxId: customer.taxId,
    country: customer.country,
    address: customer.address === null ? null : AddressSchema.parse(customer.address),
    ...(customer.taxReason === null ? {} : { taxReason: customer.taxReason }),
  };
}
