import { policyProblems } from '../../domain/dunning/check-policy.js';
import type { DunningPlan } from '../../domain/dunning/dunning-policy.js';
import { invalidRequest } from '../../platform/errors/common-errors.js';

/**
 * Refuses a policy that cannot be gone by, pointing at all that is wrong.
 * @throws invalidRequest
 */
export function checkDunningPolicy(plan: DunningPlan): void {
  const errors = policyProblems(plan).map(({ path, message }) => ({
    pointer: `/${path.join('/')}`,
    code: 'invalid',
    message,
  }));
  if (errors.length > 0) throw invalidRequest('The dunning policy cannot be gone by.', { errors });
}
