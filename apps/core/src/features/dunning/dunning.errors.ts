import { defineError } from '../../platform/errors/define-error.js';

export const dunningRunning = defineError('dunning_running', 409, 'The invoice is being dunned already');
export const dunningNotRunning = defineError('dunning_not_running', 409, 'The invoice is not being dunned');
export const noDunningPolicy = defineError('no_dunning_policy', 409, 'There is no dunning policy to go by');
export const dunningPolicyArchived = defineError(
  'dunning_policy_archived',
  409,
  'The dunning policy is archived',
);
