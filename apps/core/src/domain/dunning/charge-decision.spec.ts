import { describe, expect, it } from 'vitest';

import { type ChargeSituation, decideCharge } from './charge-decision.js';

const plain: ChargeSituation = {
  collection: 'charge_automatically',
  inFlight: 'none',
  method: 'usable',
  awaited: 'none',
  parked: 'none',
};

describe('a step that charges', () => {
  it.each<{ what: string; of: Partial<ChargeSituation>; decision: ReturnType<typeof decideCharge> }>([
    { what: 'charges', of: {}, decision: { kind: 'charge' } },
    { what: 'waits for what is not known yet', of: { inFlight: 'unattended' }, decision: { kind: 'wait' } },
    { what: 'waits for the customer', of: { inFlight: 'needs_customer' }, decision: { kind: 'wait' } },
    {
      what: 'waits even where nothing is to be charged afterwards',
      of: { inFlight: 'unattended', method: 'none' },
      decision: { kind: 'wait' },
    },
    {
      what: 'does not charge right after an attempt that it has waited for',
      of: { awaited: 'unattended' },
      decision: { kind: 'counted' },
    },
    {
      what: 'charges when a customer has left the page',
      of: { awaited: 'needs_customer' },
      decision: { kind: 'charge' },
    },
    {
      what: 'never charges an invoice that is sent',
      of: { collection: 'send_invoice', inFlight: 'needs_customer' },
      decision: { kind: 'skip', reason: 'sent_invoice' },
    },
    {
      what: 'does not charge who may have paid',
      of: { parked: 'some' },
      decision: { kind: 'skip', reason: 'parked_money' },
    },
    {
      what: 'has nothing to charge',
      of: { method: 'none' },
      decision: { kind: 'skip', reason: 'no_method' },
    },
    {
      what: 'leaves a card in peace that was refused for good',
      of: { method: 'refused_for_good' },
      decision: { kind: 'skip', reason: 'refused_for_good' },
    },
  ])('$what', ({ of, decision }) => {
    expect(decideCharge({ ...plain, ...of })).toEqual(decision);
  });
});
