import { invalidRequest } from '../../platform/errors/common-errors.js';
import type { Mode } from '../../tenancy/tenant-context.js';
import type { Identity } from './credentials.js';

/**
 * The mode of a request. A key's own, which a header can repeat but not change; a person's by the header `Nova-Mode`,
 * or else test.
 * @throws invalid_request
 */
export function requestedMode(identity: Pick<Identity, 'mode'>, header: string | string[] | undefined): Mode {
  if (header === undefined) return identity.mode ?? 'test';
  if (header !== 'test' && header !== 'live')
    throw invalidRequest('The header Nova-Mode is `test` or `live`.');
  if (identity.mode !== null && identity.mode !== header) {
    throw invalidRequest(`The API key is of ${identity.mode} mode, and Nova-Mode asks for ${header}.`);
  }
  return header;
}
