import { Body, Controller, Get, Post } from '@nestjs/common';
import { z } from 'zod';

import { invalidRequest } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { createPresets, findPresets, METER_PRESETS, PRESET_NAMES } from './meter-presets.js';
import { MeterSchema, toMeterWire } from './meter-wire.js';
import { CreateMeterSchema } from './meters.schemas.js';

const MeterPresetSchema = z
  .object({
    object: z.literal('meter_preset'),
    meter: CreateMeterSchema.meta({ description: 'The meter as it is made.' }),
    meterId: z.string().nullable().meta({ description: 'The meter with its external id, if there is one.' }),
  })
  .meta({ id: 'MeterPreset' });
const CreateMeterPresetsSchema = z
  .strictObject({
    presets: z
      .array(z.enum(PRESET_NAMES))
      .min(1)
      .max(PRESET_NAMES.length)
      .optional()
      .meta({ description: 'Only these; all of them unless given.' }),
  })
  .prefault({})
  .meta({ id: 'CreateMeterPresets' });
type CreateMeterPresets = z.infer<typeof CreateMeterPresetsSchema>;
const MeterPresetsSchema = z
  .object({ object: z.literal('list'), data: z.array(MeterPresetSchema) })
  .meta({ id: 'MeterPresets' });
const PresetMetersSchema = z
  .object({ object: z.literal('list'), data: z.array(MeterSchema) })
  .meta({ id: 'PresetMeters' });

@Controller('meters/presets')
export class MeterPresetsController {
  @Get()
  @Endpoint({
    summary: 'List the preset meters',
    description: 'Of API calls, VM uptime, CPU time and data storage, and whether you have them.',
    access: 'meters:read',
    returns: MeterPresetsSchema,
    operationId: 'listMeterPresets',
  })
  async list(@Ctx() ctx: TenantContext) {
    const present = await findPresets(ctx.db);
    const data = METER_PRESETS.map((meter) => ({
      object: 'meter_preset' as const,
      meter,
      meterId: present.get(meter.externalId)?.id ?? null,
    }));
    return { object: 'list' as const, data };
  }

  @Post()
  @Endpoint({
    summary: 'Make the preset meters',
    description: 'Those that are missing; one whose external id is taken is left as it is. May be repeated.',
    access: 'meters:write',
    status: 200,
    returns: PresetMetersSchema,
    errors: [invalidRequest],
    example: { presets: ['api_calls', 'data_storage'] },
    operationId: 'createMeterPresets',
  })
  async create(
    @Ctx() ctx: TenantContext,
    @Body({ schema: CreateMeterPresetsSchema }) { presets = [...PRESET_NAMES] }: CreateMeterPresets,
  ) {
    return { object: 'list' as const, data: (await createPresets(ctx, presets)).map(toMeterWire) };
  }
}
