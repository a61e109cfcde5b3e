import { describe, expect, it } from 'vitest';

import { ROLES } from '../../platform/access/permissions.js';
import { ProblemError } from '../../platform/errors/define-error.js';
import { mayGrant, requireMayGrant } from './may-grant.js';

describe('who may grant which role', () => {
  it('lets an owner grant all, an admin all but owner, and nobody one above his own', () => {
    const granted = Object.fromEntries(
      ROLES.map((own) => [own, ROLES.filter((role) => mayGrant(own, role))]),
    );
    expect(granted).toEqual({
      owner: ['owner', 'admin', 'developer', 'finance', 'support', 'viewer'],
      admin: ['admin', 'developer', 'finance', 'support', 'viewer'],
      developer: ['developer', 'finance', 'support', 'viewer'],
      finance: ['finance', 'support', 'viewer'],
      support: ['support', 'viewer'],
      viewer: ['viewer'],
    });
  });

  it('lets the operator grant any, and an actor without a role none', () => {
    expect(() => requireMayGrant({ type: 'system', id: 'operator' }, 'owner')).not.toThrow();
    expect(() => requireMayGrant({ type: 'api_key', id: 'key_1' }, 'viewer')).toThrow(ProblemError);
    expect(() => requireMayGrant({ type: 'user', id: 'usr_1', role: 'admin' }, 'owner')).toThrow(
      ProblemError,
    );
  });
});
