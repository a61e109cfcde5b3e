import { z } from 'zod';

import { listQuery } from '../../platform/http/pagination.js';
import { CountrySchema, RegionSchema } from '../../platform/wire/codes.js';
import { externalIdSchema } from '../../platform/wire/external-id.js';
import { MetadataPatchSchema, MetadataSchema } from '../../platform/wire/metadata.js';
import { lineText } from '../../platform/wire/text.js';
import { TaxCategorySchema } from '../plans/prices.schemas.js';
import { TaxComponentsSchema } from './tax-components.js';

const name = lineText({ max: 200 });

export const CreateTaxRateSchema = z
  .strictObject({
    name,
    externalId: externalIdSchema('tax').optional(),
    country: CountrySchema,
    region: RegionSchema.optional().meta({
      description: 'For a part of the country; all of it unless given.',
    }),
    category: TaxCategorySchema.default('standard').meta({
      description: 'For prices of this tax category; `standard` is for all that have no rate of their own.',
    }),
    components: TaxComponentsSchema,
    metadata: MetadataSchema.default({}),
  })
  .meta({ id: 'CreateTaxRate' });
export type CreateTaxRate = z.infer<typeof CreateTaxRateSchema>;

export const UpdateTaxRateSchema = z
  .strictObject({
    name: name.optional(),
    externalId: externalIdSchema('tax').nullable().optional(),
    components: TaxComponentsSchema.optional().meta({
      description:
        'Replaces all of them. Keep those that have ended: an invoice of an earlier day needs them.',
    }),
    active: z.boolean().optional().meta({ description: '`false` takes it on no new invoice.' }),
    metadata: MetadataPatchSchema.optional(),
  })
  .meta({ id: 'UpdateTaxRate', description: 'Where and what it is for never changes.' });
export type UpdateTaxRate = z.infer<typeof UpdateTaxRateSchema>;

export const AdoptPresetSchema = z.strictObject({ country: CountrySchema }).meta({ id: 'AdoptTaxPreset' });
export type AdoptPreset = z.infer<typeof AdoptPresetSchema>;

export const ListTaxRatesQuerySchema = listQuery({
  active: z.enum(['true', 'false']).optional(),
  country: CountrySchema.optional(),
  externalId: externalIdSchema('tax').optional(),
});
export type ListTaxRatesQuery = z.infer<typeof ListTaxRatesQuerySchema>;
