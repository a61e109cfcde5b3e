import type { ChargeCase, SumCase } from './charge-case.js';

const KILL_BILL_CAPACITY = {
  model: 'capacity',
  tiers: [
    { limits: { unit1: '100', unit2: '1000', unit3: '50' }, amount: '1000' },
    { limits: { unit1: '200', unit2: '2000', unit3: '100' }, amount: '2000' },
    { limits: {}, amount: '3000' },
  ],
};
const KILL_BILL_CAPACITY_2 = {
  model: 'capacity',
  tiers: [
    { limits: { members: '10' }, amount: '100' },
    { limits: { members: '50' }, amount: '500' },
    { limits: {}, amount: '1000' },
  ],
};
const METEROID_PER_UNIT = { model: 'per_unit', unitAmount: '2', freeUnits: '500' };
const OPENMETER_DYNAMIC = { model: 'dynamic', multiplier: '1.33333' };
const OPENMETER_PACKAGE = { model: 'package', packageSize: '10', packageAmount: '100' };
const OPENMETER_PACKAGE_2 = { model: 'package', packageSize: '10', packageAmount: '1500' };
const LAGO_PACKAGE = { model: 'package', packageSize: '10', packageAmount: '10000' };
const LAGO_PACKAGE_2 = { model: 'package', packageSize: '10', packageAmount: '10000', freeUnits: '5' };
const LAGO_PACKAGE_3 = { model: 'package', packageSize: '10', packageAmount: '10000', freeUnits: '200' };
const LAGO_PERCENTAGE = {
  model: 'percentage',
  rate: '1.3',
  fixedAmount: '200',
  freeAmount: '25000',
  freeEvents: '3',
};
const LAGO_PERCENTAGE_2 = { model: 'percentage', rate: '1.3', fixedAmount: '200' };
const LAGO_PERCENTAGE_3 = { model: 'percentage', rate: '1.3', fixedAmount: '200', freeEvents: '3' };
const LAGO_PERCENTAGE_4 = {
  model: 'percentage',
  rate: '2.99',
  minimumAmount: '175',
  maximumAmount: '1200',
  freeAmount: '1000000',
  freeEvents: '3',
};
const LAGO_PERCENTAGE_5 = {
  model: 'percentage',
  rate: '2.99',
  fixedAmount: '200',
  minimumAmount: '175',
  maximumAmount: '1200',
};
const OPENMETER_PER_UNIT = { model: 'per_unit', unitAmount: '10000' };
const KILL_BILL_PER_UNIT = { model: 'per_unit', unitAmount: '6.7' };
const KILL_BILL_TIERED_BLOCKS = {
  model: 'tiered_blocks',
  mode: 'top_tier',
  tiers: [
    { blockSize: '100', maxBlocks: '10', blockAmount: '100' },
    { blockSize: '1000', maxBlocks: '100', blockAmount: '100' },
    { blockSize: '1000', maxBlocks: null, blockAmount: '50' },
  ],
};
const KILL_BILL_TIERED_BLOCKS_2 = {
  model: 'tiered_blocks',
  mode: 'top_tier',
  tiers: [
    { blockSize: '10', maxBlocks: '100', blockAmount: '10000' },
    { blockSize: '10', maxBlocks: '200', blockAmount: '1000' },
    { blockSize: '10', maxBlocks: null, blockAmount: '100' },
  ],
};
const OPENMETER_GRADUATED = {
  model: 'graduated',
  conversion: { operator: 'divide', factor: '1000', rounding: 'up' },
  tiers: tiers(['5', '100'], [null, '50']),
};
const OPENMETER_PER_UNIT_2 = {
  model: 'per_unit',
  unitAmount: '1000',
  conversion: { operator: 'divide', factor: '1000', rounding: 'up' },
};
const OPENMETER_PER_UNIT_3 = {
  model: 'per_unit',
  unitAmount: '1000',
  freeUnits: '0.5',
  conversion: { operator: 'divide', factor: '1000', rounding: 'up' },
};
const OPENMETER_PER_UNIT_4 = {
  model: 'per_unit',
  unitAmount: '1000',
  conversion: { operator: 'divide', factor: '1000', rounding: 'half_up' },
};
const KILL_BILL_PACKAGE = { model: 'package', packageSize: '1000', packageAmount: '50' };
const KILL_BILL_PACKAGE_2 = { model: 'package', packageSize: '512', packageAmount: '30' };
const LAGO_PER_UNIT = { model: 'per_unit', unitAmount: '1000' };
const POLAR_FLAT = { model: 'flat', amount: '99900' };
const POLAR_GRADUATED = {
  model: 'graduated',
  tiers: tiers(['50', '0'], ['100', '2000'], ['200', '1750'], [null, '1500']),
};
const KILL_BILL_GRADUATED = {
  model: 'graduated',
  tiers: tiers(['10', '100'], ['60', '1000'], [null, '10000']),
};
const KILL_BILL_GRADUATED_2 = { model: 'graduated', tiers: tiers(['100', '200'], [null, '2000']) };
const KILL_BILL_VOLUME = { model: 'volume', tiers: tiers(['10', '100'], ['60', '1000'], [null, '10000']) };
const KILL_BILL_VOLUME_2 = { model: 'volume', tiers: tiers(['100', '200'], [null, '2000']) };

/** The other models, free units and conversions; amounts of money as usage are in minor units. */
export const CHARGE_CASES: readonly ChargeCase[] = [
  {
    id: 'kb-capacity-4',
    terms: KILL_BILL_CAPACITY,
    usage: { quantity: '0', peaks: { unit1: '10', unit2: '2001' } },
    amount: '3000',
  },
  {
    id: 'kbit-capacity-1',
    terms: KILL_BILL_CAPACITY_2,
    usage: { quantity: '0', peaks: { members: '50' } },
    amount: '500',
  },
  {
    id: 'kb-capacity-3',
    terms: KILL_BILL_CAPACITY,
    usage: { quantity: '0', peaks: { unit1: '101', unit2: '1001' } },
    amount: '2000',
  },
  {
    id: 'kbit-capacity-0',
    terms: KILL_BILL_CAPACITY_2,
    usage: { quantity: '0', peaks: { members: '10' } },
    amount: '100',
  },
  { id: 'met-pc-capacity', terms: METEROID_PER_UNIT, usage: { quantity: '600' }, amount: '200' },
  { id: 'om-dyn-10', terms: OPENMETER_DYNAMIC, usage: { quantity: '1000' }, amount: '1333.33' },
  { id: 'om-pkgcount-9', terms: OPENMETER_PACKAGE, usage: { quantity: '9' }, amount: '100', packages: '1' },
  { id: 'om-pkg-10', terms: OPENMETER_PACKAGE_2, usage: { quantity: '10' }, amount: '1500', packages: '1' },
  { id: 'lago-pkg-0', terms: LAGO_PACKAGE, usage: { quantity: '121' }, amount: '130000' },
  { id: 'lago-pkg-scn-3-5', terms: LAGO_PACKAGE_2, usage: { quantity: '3' }, amount: '0' },
  { id: 'om-pkg-none', terms: OPENMETER_PACKAGE_2, usage: { quantity: '0' }, amount: '0' },
  { id: 'lago-pkg-2', terms: LAGO_PACKAGE_3, usage: { quantity: '121' }, amount: '0' },
  {
    id: 'lago-pct-zero',
    terms: LAGO_PERCENTAGE,
    usage: { quantity: '0', events: ['5000', '10000', '25000', '-40000'] },
    amount: '0',
  },
  {
    id: 'lago-pct-none-free',
    terms: LAGO_PERCENTAGE_2,
    usage: { quantity: '80000', events: ['5000', '10000', '25000', '40000'] },
    amount: '1840',
  },
  {
    id: 'lago-pct-no-free-amount',
    terms: LAGO_PERCENTAGE_3,
    usage: { quantity: '80000', events: ['5000', '10000', '25000', '40000'] },
    amount: '720',
  },
  {
    id: 'lago-pct-both-free',
    terms: LAGO_PERCENTAGE,
    usage: { quantity: '80000', events: ['5000', '10000', '25000', '40000'] },
    amount: '1115',
  },
  {
    id: 'lago-pct-mm-both',
    terms: LAGO_PERCENTAGE_4,
    usage: { quantity: '1009000', events: ['1000', '8000', '1000000'] },
    amount: '269.1',
  },
  {
    id: 'lago-pct-mm-fixed',
    terms: LAGO_PERCENTAGE_5,
    usage: { quantity: '1009000', events: ['1000', '8000', '1000000'] },
    amount: '1869.1',
  },
  { id: 'om-unit-10', terms: OPENMETER_PER_UNIT, usage: { quantity: '10' }, amount: '100000' },
  { id: 'iss-kb-1124', terms: KILL_BILL_PER_UNIT, usage: { quantity: '55' }, amount: '368.5' },
  { id: 'kb-toptier-101001', terms: KILL_BILL_TIERED_BLOCKS, usage: { quantity: '101001' }, amount: '5100' },
  { id: 'kb-toptier-1', terms: KILL_BILL_TIERED_BLOCKS, usage: { quantity: '1000' }, amount: '1000' },
  {
    id: 'kbit-toptier-1100',
    terms: KILL_BILL_TIERED_BLOCKS_2,
    usage: { quantity: '1100' },
    amount: '110000',
  },
  {
    id: 'om-uc-grad',
    terms: OPENMETER_GRADUATED,
    usage: { quantity: '7400' },
    amount: '650',
    billed: '8',
    lines: [
      { tier: '1', quantity: '5', amount: '500' },
      { tier: '2', quantity: '3', amount: '150' },
    ],
  },
  { id: 'om-uc-1', terms: OPENMETER_PER_UNIT_2, usage: { quantity: '1400' }, amount: '2000', billed: '2' },
  {
    id: 'om-uc-disc',
    terms: OPENMETER_PER_UNIT_3,
    usage: { quantity: '1400' },
    amount: '1500',
    billed: '1.5',
  },
  { id: 'om-ucm-4', terms: OPENMETER_PER_UNIT_4, usage: { quantity: '1400' }, amount: '1000', billed: '1' },
];

/** Several charges on one bill: what they cost together. */
export const SUM_CASES: readonly SumCase[] = [
  {
    id: 'kb-multiunit',
    charges: [
      { terms: KILL_BILL_PACKAGE, quantity: '1000' },
      { terms: KILL_BILL_PACKAGE_2, quantity: '30720' },
    ],
    amount: '1850',
  },
  {
    id: 'lago-std-scn-group',
    charges: [
      { terms: LAGO_PER_UNIT, quantity: '2' },
      { terms: LAGO_PER_UNIT, quantity: '1' },
    ],
    amount: '3000',
  },
  {
    id: 'polar-seats-143',
    charges: [
      { terms: POLAR_FLAT, quantity: '1' },
      { terms: POLAR_GRADUATED, quantity: '143' },
    ],
    amount: '275150',
  },
  {
    id: 'kb-all-agg-0',
    charges: [
      { terms: KILL_BILL_GRADUATED, quantity: '5' },
      { terms: KILL_BILL_GRADUATED_2, quantity: '99' },
    ],
    amount: '20300',
  },
  {
    id: 'kb-all-agg-1',
    charges: [
      { terms: KILL_BILL_GRADUATED, quantity: '5' },
      { terms: KILL_BILL_GRADUATED_2, quantity: '101' },
    ],
    amount: '22500',
  },
  {
    id: 'kb-top-agg-0',
    charges: [
      { terms: KILL_BILL_VOLUME, quantity: '5' },
      { terms: KILL_BILL_VOLUME_2, quantity: '99' },
    ],
    amount: '20300',
  },
];

/** Tiers of [bound, price of a unit, flat amount]. */
function tiers(...rows: readonly (readonly [string | null, string, string?])[]): object[] {
  return rows.map(([upTo, unitAmount, flatAmount = null]) => ({ upTo, unitAmount, flatAmount }));
}
