import type { z } from 'zod';

import type { Interval } from '../../domain/calendar/periods.js';
import type { ChargeModel } from '../../domain/rating/charge-terms.js';
import { refineTerms } from './charge-terms-wire.js';
import { isShortModel } from './price-terms.js';

/** The longest rhythm of each interval: a year of days or weeks, three years of months and the like, ten years. */
export const INTERVAL_COUNT_MAX: Readonly<Record<Interval, number>> = {
  day: 365,
  week: 52,
  month: 36,
  quarter: 12,
  half_year: 6,
  year: 10,
};

/** Models that price a share of money or a peak that only events tell. */
const USAGE_ONLY: readonly ChargeModel[] = ['percentage', 'graduated_percentage', 'dynamic', 'capacity'];

/** What of a new price the rules look at: a price as the wire has it, each part right by itself. */
export interface PriceInput {
  readonly model: ChargeModel;
  readonly type: 'recurring' | 'one_time' | 'usage';
  readonly unitAmount?: string | undefined;
  readonly terms?: Readonly<Record<string, unknown>> | undefined;
  readonly interval?: Interval | undefined;
  readonly intervalCount?: number | undefined;
  readonly billing?: 'in_advance' | 'in_arrears' | undefined;
  readonly optional?: boolean | undefined;
  readonly prorated?: boolean | undefined;
  readonly meterId?: string | undefined;
  readonly groupBy?: readonly string[] | undefined;
  readonly minimumAmount?: number | undefined;
  readonly maximumAmount?: number | undefined;
}

/** Whether a price of a type may have a model: what only events tell is for usage, and a flat fee is none. */
export function fitsType(model: ChargeModel, type: string): boolean {
  return type === 'usage' ? model !== 'flat' : !USAGE_ONLY.includes(model);
}

/** Sees that the parts of a new price go together. */
export function checkPrice(price: PriceInput, check: z.core.$RefinementCtx): void {
  const refuse: Refuse = (key, message) => check.addIssue({ code: 'custom', path: [key], message });
  checkTerms(price, check, refuse);
  if (price.type === 'one_time') checkOneTime(price, refuse);
  else checkRhythm(price, refuse);
  if (price.type === 'usage') checkUsage(price, refuse);
  else checkWithoutUsage(price, refuse);
  checkBounds(price, refuse);
}

type Refuse = (key: keyof PriceInput, message: string) => void;

function checkTerms(
  { model, unitAmount, terms }: PriceInput,
  check: z.core.$RefinementCtx,
  refuse: Refuse,
): void {
  if (terms !== undefined) {
    if (unitAmount !== undefined) refuse('unitAmount', 'comes from the terms; leave it out');
    refineTerms(model, terms, check);
    return;
  }
  if (isShortModel(model)) {
    if (unitAmount === undefined) refuse('unitAmount', 'is needed, or terms');
    return;
  }
  if (unitAmount !== undefined) refuse('unitAmount', `does not say what a ${model} price costs; give terms`);
  refuse('terms', `is needed on a ${model} price`);
}

function checkOneTime(price: PriceInput, refuse: Refuse): void {
  for (const key of ['interval', 'intervalCount', 'billing', 'prorated'] as const) {
    if (price[key] !== undefined) refuse(key, 'makes no sense on a one-time price; leave it out');
  }
}

function checkRhythm({ type, interval, intervalCount }: PriceInput, refuse: Refuse): void {
  if (interval === undefined) {
    refuse('interval', `is needed on a ${type} price`);
    return;
  }
  const max = INTERVAL_COUNT_MAX[interval];
  if ((intervalCount ?? 1) > max) refuse('intervalCount', `must not be more than ${max} with ${interval}`);
}

function checkUsage({ model, meterId, billing, groupBy }: PriceInput, refuse: Refuse): void {
  if (meterId === undefined) refuse('meterId', 'is needed on a usage price');
  if (billing === 'in_advance') refuse('billing', 'must be in_arrears: usage is known when it has happened');
  if (model === 'flat') refuse('model', 'does not depend on usage; make it a recurring price');
  if (new Set(groupBy).size !== (groupBy ?? []).length) refuse('groupBy', 'must not name a property twice');
}

function checkWithoutUsage({ model, type, meterId, groupBy }: PriceInput, refuse: Refuse): void {
  const only = 'is for usage prices only';
  if (meterId !== undefined) refuse('meterId', only);
  if (groupBy !== undefined) refuse('groupBy', only);
  if (USAGE_ONLY.includes(model)) refuse('model', `${only}, and the price is ${type}`);
}

function checkBounds(price: PriceInput, refuse: Refuse): void {
  const { type, billing, minimumAmount, maximumAmount } = price;
  const inArrears = type === 'usage' || (type === 'recurring' && billing === 'in_arrears');
  for (const key of ['minimumAmount', 'maximumAmount'] as const) {
    if (price[key] !== undefined && !inArrears) refuse(key, 'is for prices that are billed in arrears');
  }
  if (minimumAmount !== undefined && maximumAmount !== undefined && minimumAmount > maximumAmount) {
    refuse('minimumAmount', 'must not be more than maximumAmount');
  }
}
