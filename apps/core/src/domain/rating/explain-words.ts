import type { MoneyLocale } from '../money/money.js';

/** The words around the numbers of an explanation, for each language of documents. */
export interface ExplainWords {
  readonly flat: string;
  readonly flatPart: string;
  readonly conversion: (measured: string, converted: string) => string;
  readonly free: (quantity: string) => string;
  readonly tier: (tier: number) => string;
  readonly range: (from: string, upTo: string) => string;
  readonly above: (from: string) => string;
  readonly share: (rate: string, amount: string) => string;
  readonly packages: (count: string) => string;
  readonly blocks: (count: string) => string;
  readonly fees: (count: string) => string;
  readonly eventBounds: (count: string) => string;
  readonly capacity: (tier: number) => string;
}

export const EXPLAIN_WORDS: Readonly<Record<MoneyLocale, ExplainWords>> = {
  en: {
    flat: 'Flat price',
    flatPart: 'flat',
    conversion: (measured, converted) => `${measured} measured, ${converted} after conversion`,
    free: (quantity) => `${quantity} free`,
    tier: (tier) => `Tier ${tier}`,
    range: (from, upTo) => `above ${from} to ${upTo}`,
    above: (from) => `above ${from}`,
    share: (rate, amount) => `${rate}% of ${amount}`,
    packages: (count) => `Packages: ${count}`,
    blocks: (count) => `Blocks: ${count}`,
    fees: (count) => `Fees per event: ${count}`,
    eventBounds: (count) => `Minimum and maximum per event (events: ${count})`,
    capacity: (tier) => `Capacity of tier ${tier}`,
  },
  fr: {
    flat: 'Prix forfaitaire',
    flatPart: 'forfait',
    conversion: (measured, converted) => `${measured} mesurés, ${converted} après conversion`,
    free: (quantity) => `${quantity} gratuits`,
    tier: (tier) => `Tranche ${tier}`,
    range: (from, upTo) => `au-delà de ${from} jusqu'à ${upTo}`,
    above: (from) => `au-delà de ${from}`,
    share: (rate, amount) => `${rate}\u00a0% de ${amount}`,
    packages: (count) => `Lots\u00a0: ${count}`,
    blocks: (count) => `Blocs\u00a0: ${count}`,
    fees: (count) => `Frais par événement\u00a0: ${count}`,
    eventBounds: (count) => `Minimum et maximum par événement (événements\u00a0: ${count})`,
    capacity: (tier) => `Capacité de la tranche ${tier}`,
  },
};
