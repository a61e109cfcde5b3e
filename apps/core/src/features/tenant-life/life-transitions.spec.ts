import { describe, expect, it } from 'vitest';

import { TENANT_STATUSES } from '../../tenancy/context/admission.js';
import { AUDIT_ACTIONS } from '../audit/audit-actions.js';
import { decide, type LifeVerb, TRANSITIONS } from './life-transitions.js';

const VERBS = Object.keys(TRANSITIONS) as LifeVerb[];

/** One column a status, in the order of `TENANT_STATUSES`; `=` is settled and `-` is refused. */
const EXPECTED: Record<LifeVerb, readonly string[]> = {
  // provisioning, active, suspended, archived, deleting, deleted
  suspend: ['-', 'suspended', '=', '-', '-', '-'],
  resume: ['-', '=', 'active', '-', '-', '-'],
  archive: ['-', 'archived', 'archived', '=', '-', '-'],
  unarchive: ['-', '=', '=', 'before', '-', '-'],
  delete: ['-', 'deleting', 'deleting', 'deleting', '=', '-'],
  undelete: ['-', '=', '=', '=', 'before', '-'],
  purge: ['-', '-', '-', '-', 'deleted', '='],
};

const outcomeOf = (verb: LifeVerb, status: string) => {
  const decision = decide(verb, status);
  if (decision.kind === 'change') return decision.to;
  return decision.kind === 'settled' ? '=' : '-';
};

describe('the life of a tenant', () => {
  it.each(VERBS)('%s goes by the table, from every status', (verb) => {
    expect(TENANT_STATUSES.map((status) => outcomeOf(verb, status))).toEqual(EXPECTED[verb]);
  });

  it.each(VERBS)('%s done twice finds nothing left to do', (verb) => {
    const { to } = TRANSITIONS[verb];
    if (to !== 'before') expect(decide(verb, to)).toEqual({ kind: 'settled' });
  });

  it.each(VERBS)('%s has nothing to say of a status that is not known, and says why', (verb) => {
    expect(decide(verb, 'frozen')).toEqual({ kind: 'refused', why: expect.stringContaining('is frozen') });
  });

  it('ends for good: nothing leads out of deleted, and only purge leads there', () => {
    for (const verb of VERBS) expect(TRANSITIONS[verb].from).not.toContain('deleted');
    expect(VERBS.filter((verb) => TRANSITIONS[verb].to === 'deleted')).toEqual(['purge']);
    expect(TRANSITIONS.purge.from).toEqual(['deleting']);
  });

  it('is written to the audit log by an action of its own for each verb', () => {
    const actions = VERBS.map((verb) => TRANSITIONS[verb].action);
    expect(new Set(actions).size).toBe(VERBS.length);
    expect(AUDIT_ACTIONS).toEqual(expect.arrayContaining(actions));
  });

  it('undoes an act that another verb writes', () => {
    const actions = VERBS.map((verb) => TRANSITIONS[verb].action);
    for (const { to, undoes } of Object.values(TRANSITIONS)) {
      expect(undoes !== undefined).toBe(to === 'before');
      if (undoes) expect(actions).toContain(undoes);
    }
  });
});
