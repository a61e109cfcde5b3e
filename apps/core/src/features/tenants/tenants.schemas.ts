import type { Tenant } from '@nova/prisma-central';
import { z } from 'zod';

import { MomentSchema } from '../../platform/http/common-schemas.js';
import { AddressSchema } from '../../platform/wire/address.js';
import {
  CountrySchema,
  CurrencySchema,
  EmailSchema,
  PhoneSchema,
  TimeZoneSchema,
} from '../../platform/wire/codes.js';
import { blockText, lineText } from '../../platform/wire/text.js';
import { TENANT_STATUSES } from '../../tenancy/context/admission.js';
import type { TenantSettings } from '../../tenancy/tenant-context.js';
import { BrandSchema, PaymentLinkSchema } from './brand.js';
import { SlugSchema } from './slug.js';

const settings = {
  legalName: lineText({ max: 200 }),
  email: EmailSchema,
  phone: PhoneSchema,
  taxId: lineText({ max: 50 }),
  registrationNumber: lineText({ max: 50 }),
  address: AddressSchema,
  invoicePrefix: z
    .string()
    .regex(/^[A-Z0-9](?:[A-Z0-9-]{0,10}[A-Z0-9])?$/, 'must be capital letters, digits and inner hyphens')
    .meta({ description: 'What invoice numbers begin with.', example: 'INV' }),
  invoiceFooter: blockText({ max: 2_000 }),
  netTermsDays: z.int().min(0).max(365).meta({ description: 'Days until an invoice is due.', example: 14 }),
  lateUsageDays: z.int().min(1).max(366).meta({
    description: 'How many days old a usage event may be when it comes. 35 unless set.',
    example: 35,
  }),
  invoiceGraceHours: z.int().min(0).max(720).meta({
    description: 'Hours that an invoice with usage stays a draft, for events that come late. 1 unless set.',
    example: 1,
  }),
  zeroInvoices: z
    .enum(['finalize', 'skip'])
    .meta({ description: 'Whether subscriptions’ invoices over nothing are issued. They are unless set.' }),
  invoiceSeriesReset: z.enum(['never', 'yearly']).meta({
    description:
      'Whether invoice numbers begin anew each January, such as `INV/2026-000001`. Never unless set.',
  }),
  brand: BrandSchema,
  paymentInstructions: blockText({ max: 2_000 }).meta({
    description:
      'How customers pay, as documents print it: a bank account, a pay bill number. `{number}` is the invoice’s.',
  }),
  paymentLink: PaymentLinkSchema,
  receiptEmails: z.enum(['send', 'none']).meta({
    description: 'Whether customers are e-mailed a receipt for each payment. They are unless set.',
  }),
};

/** What the tenant's documents print about it, and its defaults. */
export const TenantSettingsSchema = z.object(settings).partial().meta({ id: 'TenantSettings' });

const SettingsPatchSchema = z
  .strictObject({
    legalName: settings.legalName.nullable(),
    email: settings.email.nullable(),
    phone: settings.phone.nullable(),
    taxId: settings.taxId.nullable(),
    registrationNumber: settings.registrationNumber.nullable(),
    address: settings.address.nullable(),
    invoicePrefix: settings.invoicePrefix.nullable(),
    invoiceFooter: settings.invoiceFooter.nullable(),
    netTermsDays: settings.netTermsDays.nullable(),
    lateUsageDays: settings.lateUsageDays.nullable(),
    invoiceGraceHours: settings.invoiceGraceHours.nullable(),
    zeroInvoices: settings.zeroInvoices.nullable(),
    invoiceSeriesReset: settings.invoiceSeriesReset.nullable(),
    brand: settings.brand.nullable(),
    paymentInstructions: settings.paymentInstructions.nullable(),
    paymentLink: settings.paymentLink.nullable(),
    receiptEmails: settings.receiptEmails.nullable(),
  })
  .partial()
  .meta({ id: 'TenantSettingsPatch', description: 'Null removes a setting; those not named stay.' });
export type TenantSettingsPatch = z.infer<typeof SettingsPatchSchema>;

export const UpdateTenantSchema = z
  .strictObject({
    name: lineText({ max: 200 }).optional(),
    slug: SlugSchema.optional(),
    country: CountrySchema.nullable().optional(),
    currency: CurrencySchema.optional(),
    timeZone: TimeZoneSchema.optional(),
    settings: SettingsPatchSchema.optional(),
  })
  .meta({ id: 'UpdateTenant' });
export type UpdateTenant = z.infer<typeof UpdateTenantSchema>;

export const TenantSchema = z
  .object({
    object: z.literal('tenant'),
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    status: z.enum(TENANT_STATUSES),
    country: z.string().nullable(),
    currency: z.string(),
    timeZone: z.string(),
    settings: TenantSettingsSchema,
    version: z.int(),
    createdAt: MomentSchema,
    updatedAt: MomentSchema,
  })
  .meta({ id: 'Tenant' });
export type TenantWire = z.infer<typeof TenantSchema>;

/** Settings as the JSON column gives them back. What is stored went through the schema on its way in. */
export function readSettings(column: unknown): TenantSettings {
  return column as TenantSettings;
}

export function toTenantWire(row: Tenant): TenantWire {
  const { id, slug, name, country, currency, timeZone } = row;
  return {
    object: 'tenant',
    id,
    slug,
    name,
    status: row.status as TenantWire['status'],
    country,
    currency,
    timeZone,
    settings: readSettings(row.settings),
    version: row.configVersion,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
