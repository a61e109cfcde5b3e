import type { Meter } from '@nova/prisma-tenant';

import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { changeEvent } from '../events/record-change.js';
import { recordEvents } from '../events/record-event.js';
import { meterData } from './create-meter.js';
import { toMeterWire } from './meter-wire.js';
import type { CreateMeter } from './meters.schemas.js';

const quantity = { property: 'quantity', filters: [], metadata: {} } satisfies Partial<CreateMeter>;

/**
 * Meters of what services on computers are mostly billed by. Each event brings its `quantity`; of stored data it is what
 * came or, below zero, what went, so that 100 GB that are kept for half a month are 50.
 */
export const PRESET_NAMES = ['api_calls', 'vm_uptime', 'cpu_time', 'data_storage'] as const;
export const METER_PRESETS: readonly (CreateMeter & { externalId: (typeof PRESET_NAMES)[number] })[] = [
  {
    ...quantity,
    name: 'API calls',
    externalId: 'api_calls',
    eventName: 'api_calls',
    aggregation: 'sum',
    groupBy: ['endpoint'],
    unit: 'call',
  },
  {
    ...quantity,
    name: 'VM uptime',
    externalId: 'vm_uptime',
    eventName: 'vm_uptime',
    aggregation: 'sum',
    groupBy: ['region', 'size'],
    unit: 'hour',
  },
  {
    ...quantity,
    name: 'CPU time',
    externalId: 'cpu_time',
    eventName: 'cpu_time',
    aggregation: 'sum',
    groupBy: ['region'],
    unit: 'CPU second',
  },
  {
    ...quantity,
    name: 'Data storage',
    externalId: 'data_storage',
    eventName: 'data_storage',
    aggregation: 'weighted_sum',
    groupBy: ['region'],
    unit: 'GB',
  },
];

/** The meters that were made of presets, or that have taken their external ids, in the presets' order. */
export async function findPresets(db: TenantReader): Promise<Map<string, Meter>> {
  const meters = await db.meter.findMany({ where: { externalId: { in: [...PRESET_NAMES] } } });
  return new Map(
    PRESET_NAMES.flatMap((externalId) => {
      const meter = meters.find((one) => one.externalId === externalId);
      return meter ? [[externalId, meter] as const] : [];
    }),
  );
}

/** Makes the presets of these names that are not there yet; those that are stay as they are, changed or archived. */
export async function createPresets(ctx: TenantContext, names: readonly string[]): Promise<Meter[]> {
  return ctx.transaction(async (tx) => {
    const made = await tx.db.meter.createManyAndReturn({
      data: METER_PRESETS.filter(({ externalId }) => names.includes(externalId)).map((preset) =>
        meterData(ctx, preset),
      ),
      skipDuplicates: true,
    });
    const events = made.map((meter) => changeEvent('meter.created', toMeterWire(meter)));
    await recordEvents(tx, ctx, events);
    const present = await findPresets(tx.db);
    return names.flatMap((name) => present.get(name) ?? []);
  });
}
