import type { ChargeCase } from './charge-case.js';

const LAGO_GRADUATED_PERCENTAGE = {
  model: 'graduated_percentage',
  tiers: [
    { upTo: '1000', rate: '1', flatAmount: '20000' },
    { upTo: '2000', rate: '2', flatAmount: '30000' },
    { upTo: null, rate: '3', flatAmount: '40000' },
  ],
};
const LAGO_GRADUATED = {
  model: 'graduated',
  tiers: tiers(['10', '1000', '200'], ['20', '500', '300'], [null, '500', '300']),
};
const LAGO_GRADUATED_2 = {
  model: 'graduated',
  billFlatAtZero: true,
  tiers: tiers(['10', '1000', '200'], ['20', '500', '300'], [null, '500', '300']),
};
const POLAR_GRADUATED = { model: 'graduated', tiers: tiers(['10', '1000'], ['50', '800'], [null, '600']) };
const KILL_BILL_GRADUATED = { model: 'graduated', tiers: tiers(['100', '0'], [null, '100']) };
const OPENMETER_GRADUATED = {
  model: 'graduated',
  tiers: tiers(['5', '0', '10000'], ['10', '0', '5000'], ['15', '500'], [null, '100']),
};
const OPENMETER_GRADUATED_2 = {
  model: 'graduated',
  tiers: tiers(['5', '0', '10000'], ['10', '0', '5000'], ['15', '1000'], [null, '500']),
};
const LAGO_GRADUATED_3 = {
  model: 'graduated',
  tiers: tiers(['0.01', '0'], ['10', '1000', '200'], [null, '500', '300']),
};
const METEROID_GRADUATED = { model: 'graduated', tiers: tiers(['100', '100'], ['200', '50'], [null, '25']) };
const LAGO_GRADUATED_4 = { model: 'graduated', tiers: tiers(['5', '1000', '10000'], [null, '500', '5000']) };
const LAGO_GRADUATED_5 = {
  model: 'graduated',
  billFlatAtZero: true,
  tiers: tiers(['5', '1000', '10000'], [null, '500', '5000']),
};
const LAGO_VOLUME = { model: 'volume', tiers: tiers(['10', '500', '10000'], [null, '200', '5000']) };
const POLAR_VOLUME = { model: 'volume', tiers: tiers([null, '0.5']) };
const OPENMETER_VOLUME = {
  model: 'volume',
  tiers: tiers(['5', '0', '10000'], ['10', '0', '15000'], ['15', '1000'], [null, '500']),
};
const STRIPE_VOLUME = { model: 'volume', tiers: tiers(['5', '700'], ['10', '650'], [null, '600']) };
const KILL_BILL_VOLUME = { model: 'volume', tiers: tiers(['10', '150'], ['110', '100'], [null, '50']) };
const LAGO_VOLUME_2 = {
  model: 'volume',
  tiers: tiers(['100', '200', '1000'], ['200', '100'], [null, '50', '5000']),
};
const LAGO_VOLUME_3 = {
  model: 'volume',
  billFlatAtZero: true,
  tiers: tiers(['100', '200', '1000'], ['200', '100'], [null, '50', '5000']),
};
const LAGO_VOLUME_4 = {
  model: 'volume',
  tiers: tiers(['1', '0'], ['100', '200', '1000'], [null, '50', '5000']),
};

/** Graduated, volume and prorated tiers, as the tests of open billing engines have them, in minor units. */
export const TIER_CASES: readonly ChargeCase[] = [
  { id: 'lago-gpct-12', terms: LAGO_GRADUATED_PERCENTAGE, usage: { quantity: '1200' }, amount: '50014' },
  { id: 'lago-gpct-1', terms: LAGO_GRADUATED_PERCENTAGE, usage: { quantity: '100' }, amount: '20001' },
  { id: 'lago-gpct-10', terms: LAGO_GRADUATED_PERCENTAGE, usage: { quantity: '1000' }, amount: '20010' },
  { id: 'lago-grad-1', terms: LAGO_GRADUATED, usage: { quantity: '1' }, amount: '1200' },
  { id: 'lago-grad-0', terms: LAGO_GRADUATED_2, usage: { quantity: '0' }, amount: '200' },
  { id: 'polar-zero', terms: POLAR_GRADUATED, usage: { quantity: '0' }, amount: '0' },
  { id: 'kbit-lb-101', terms: KILL_BILL_GRADUATED, usage: { quantity: '101' }, amount: '100' },
  {
    id: 'om-grad-lines-22',
    terms: OPENMETER_GRADUATED,
    usage: { quantity: '22' },
    amount: '18200',
    lines: [
      { tier: '1', quantity: '5', amount: '0' },
      { tier: '3', quantity: '5', amount: '2500' },
      { tier: '4', quantity: '7', amount: '700' },
    ],
  },
  { id: 'om-grad-5.001', terms: OPENMETER_GRADUATED_2, usage: { quantity: '5.001' }, amount: '15000' },
  { id: 'lago-grad-zeroflat-0', terms: LAGO_GRADUATED_3, usage: { quantity: '0' }, amount: '0' },
  { id: 'met-grad-150', terms: METEROID_GRADUATED, usage: { quantity: '150' }, amount: '12500' },
  { id: 'om-grad-7', terms: OPENMETER_GRADUATED_2, usage: { quantity: '7' }, amount: '15000' },
  {
    id: 'lago-pgrad-zero-end',
    terms: LAGO_GRADUATED_4,
    usage: {
      quantity: '0',
      changes: [
        { quantity: '1', proratedQuantity: '0.7097' },
        { quantity: '4', proratedQuantity: '1.54839' },
        { quantity: '1', proratedQuantity: '0.2258' },
        { quantity: '-5', proratedQuantity: '-0.80645' },
        { quantity: '-1', proratedQuantity: '-0.0645' },
      ],
    },
    rounded: '16581',
  },
  {
    id: 'lago-pgrad-neg3',
    terms: LAGO_GRADUATED_4,
    usage: {
      quantity: '13',
      changes: [
        { quantity: '5', proratedQuantity: '3.5' },
        { quantity: '2', proratedQuantity: '1' },
        { quantity: '-4', proratedQuantity: '-1.6' },
        { quantity: '10', proratedQuantity: '2' },
      ],
    },
    rounded: '19000',
  },
  {
    id: 'lago-pgrad-neg2',
    terms: LAGO_GRADUATED_4,
    usage: {
      quantity: '3',
      changes: [
        { quantity: '4', proratedQuantity: '2.8' },
        { quantity: '2', proratedQuantity: '1' },
        { quantity: '-3', proratedQuantity: '-0.6' },
      ],
    },
    rounded: '18050',
  },
  { id: 'lago-pgrad-zero', terms: LAGO_GRADUATED_5, usage: { quantity: '0', changes: [] }, rounded: '10000' },
  {
    id: 'lago-pgrad-1',
    terms: LAGO_GRADUATED_4,
    usage: {
      quantity: '14',
      changes: [
        { quantity: '5', proratedQuantity: '3.5' },
        { quantity: '5', proratedQuantity: '2.66667' },
        { quantity: '10', proratedQuantity: '2' },
        { quantity: '-6', proratedQuantity: '-2.2' },
      ],
    },
    rounded: '19733',
  },
  { id: 'lago-vol-scn-15', terms: LAGO_VOLUME, usage: { quantity: '15' }, amount: '8000' },
  { id: 'polar-vol-frac', terms: POLAR_VOLUME, usage: { quantity: '10' }, amount: '5' },
  { id: 'om-vol-15', terms: OPENMETER_VOLUME, usage: { quantity: '15' }, amount: '15000' },
  { id: 'doc-stripe-volume-6', terms: STRIPE_VOLUME, usage: { quantity: '6' }, amount: '3900' },
  { id: 'kb-toptier-111', terms: KILL_BILL_VOLUME, usage: { quantity: '111' }, amount: '5550' },
  { id: 'om-vol-5', terms: OPENMETER_VOLUME, usage: { quantity: '5' }, amount: '10000' },
  { id: 'om-vol-100', terms: OPENMETER_VOLUME, usage: { quantity: '100' }, amount: '50000' },
  { id: 'lago-vol-200', terms: LAGO_VOLUME_2, usage: { quantity: '200' }, amount: '20000' },
  { id: 'lago-vol-0', terms: LAGO_VOLUME_3, usage: { quantity: '0' }, amount: '1000' },
  { id: 'lago-vol-100.5', terms: LAGO_VOLUME_2, usage: { quantity: '100.5' }, amount: '10050' },
  { id: 'lago-vol-zeroflat-0', terms: LAGO_VOLUME_4, usage: { quantity: '0' }, amount: '0' },
];

/** Tiers of [bound, price of a unit, flat amount]. */
function tiers(...rows: readonly (readonly [string | null, string, string?])[]): object[] {
  return rows.map(([upTo, unitAmount, flatAmount = null]) => ({ upTo, unitAmount, flatAmount }));
}
