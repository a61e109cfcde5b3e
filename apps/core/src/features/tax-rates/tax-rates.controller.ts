import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';

import { COUNTRY_TAX_PRESETS } from '../../domain/tax/country-presets.js';
import {
  conflict,
  invalidRequest,
  notFound,
  preconditionFailed,
} from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { type ExpectedVersions, IfMatch } from '../../platform/http/if-match.js';
import { externalIdTaken } from '../../platform/wire/external-id-taken.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { adoptPreset } from './adopt-preset.js';
import { createTaxRate } from './create-tax-rate.js';
import { deleteTaxRate } from './delete-tax-rate.js';
import { toComponentJson } from './tax-components.js';
import { TaxPresetListSchema, TaxRateListSchema, TaxRateSchema, toTaxRateWire } from './tax-rate-wire.js';
import { taxRateExists } from './tax-rates.errors.js';
import { listTaxRates, requireTaxRate } from './tax-rates.repository.js';
import {
  type AdoptPreset,
  AdoptPresetSchema,
  type CreateTaxRate,
  CreateTaxRateSchema,
  type ListTaxRatesQuery,
  ListTaxRatesQuerySchema,
  type UpdateTaxRate,
  UpdateTaxRateSchema,
} from './tax-rates.schemas.js';
import { updateTaxRate } from './update-tax-rate.js';

@Controller('tax-rates')
export class TaxRatesController {
  constructor(private readonly cursors: Cursors) {}

  @Post()
  @Endpoint({
    summary: 'Create a tax rate',
    description:
      'Of a country or a region, for a category of prices. Its components come and go by date, so that an invoice has the rates of its day. The most specific rate is taken: the region’s before the country’s, the category’s own before `standard`.',
    access: 'tax_rates:write',
    status: 201,
    returns: TaxRateSchema,
    errors: [taxRateExists, externalIdTaken, invalidRequest],
    example: {
      name: 'Nigeria VAT',
      country: 'NG',
      components: [
        { code: 'VAT', name: 'VAT', rate: '7.5', compound: false, validFrom: null, validTo: null },
      ],
    },
    operationId: 'createTaxRate',
  })
  async create(@Ctx() ctx: TenantContext, @Body({ schema: CreateTaxRateSchema }) input: CreateTaxRate) {
    return toTaxRateWire(await createTaxRate(ctx, input));
  }

  @Get()
  @Endpoint({
    summary: 'List tax rates',
    access: 'tax_rates:read',
    returns: TaxRateListSchema,
    operationId: 'listTaxRates',
  })
  list(@Ctx() ctx: TenantContext, @Query({ schema: ListTaxRatesQuerySchema }) query: ListTaxRatesQuery) {
    return listTaxRates(ctx, this.cursors, query);
  }

  @Get('presets')
  @Endpoint({
    summary: 'List tax presets',
    description: 'The general taxes of countries, to start from. Zero and reduced rates are for you to add.',
    access: 'tax_rates:read',
    returns: TaxPresetListSchema,
    operationId: 'listTaxPresets',
  })
  presets() {
    const data = COUNTRY_TAX_PRESETS.map(({ components, ...place }) => ({
      object: 'tax_preset',
      ...place,
      components: components.map(toComponentJson),
    }));
    return { object: 'list', data };
  }

  @Post('presets')
  @Endpoint({
    summary: 'Take over a tax preset',
    description:
      'Makes a tax rate of it. A rate that the country has already is left as it is and given back.',
    access: 'tax_rates:write',
    returns: TaxRateSchema,
    errors: [conflict, invalidRequest],
    example: { country: 'KE' },
    operationId: 'adoptTaxPreset',
  })
  async adopt(@Ctx() ctx: TenantContext, @Body({ schema: AdoptPresetSchema }) { country }: AdoptPreset) {
    return toTaxRateWire(await adoptPreset(ctx, country));
  }

  @Get(':id')
  @Endpoint({
    summary: 'Retrieve a tax rate',
    description: 'By its id or your external id.',
    access: 'tax_rates:read',
    returns: TaxRateSchema,
    errors: [notFound],
    operationId: 'retrieveTaxRate',
  })
  async retrieve(@Ctx() ctx: TenantContext, @Param('id') idOrExternalId: string) {
    return toTaxRateWire(await requireTaxRate(ctx.db, idOrExternalId));
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change or archive a tax rate',
    description:
      'For a change of law give the old component a `validTo` and add the new one with that day as its `validFrom`. Issued invoices keep what they say.',
    access: 'tax_rates:write',
    returns: TaxRateSchema,
    errors: [notFound, taxRateExists, externalIdTaken, preconditionFailed, invalidRequest],
    example: {
      components: [
        { code: 'VAT', name: 'VAT', rate: '7.5', compound: false, validFrom: null, validTo: '2027-01-01' },
        { code: 'VAT', name: 'VAT', rate: '10', compound: false, validFrom: '2027-01-01', validTo: null },
      ],
    },
    operationId: 'updateTaxRate',
  })
  async update(
    @Ctx() ctx: TenantContext,
    @Param('id') idOrExternalId: string,
    @Body({ schema: UpdateTaxRateSchema }) input: UpdateTaxRate,
    @IfMatch() expected: ExpectedVersions,
  ) {
    return toTaxRateWire(await updateTaxRate(ctx, idOrExternalId, input, expected));
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Delete a tax rate',
    description: 'Issued invoices keep the taxes they have.',
    access: 'tax_rates:write',
    returns: null,
    errors: [notFound, preconditionFailed],
    operationId: 'deleteTaxRate',
  })
  async remove(
    @Ctx() ctx: TenantContext,
    @Param('id') idOrExternalId: string,
    @IfMatch() expected: ExpectedVersions,
  ) {
    await deleteTaxRate(ctx, idOrExternalId, expected);
  }
}
