import { defineError } from '../../platform/errors/define-error.js';

export const featureCodeTaken = defineError('feature_code_taken', 409, 'Another feature has this code');
export const featureInUse = defineError('feature_in_use', 409, 'Something refers to the feature');
export const featureArchived = defineError('feature_archived', 409, 'The feature is archived');
