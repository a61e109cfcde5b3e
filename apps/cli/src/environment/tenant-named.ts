import { CommandError } from '../output/command-error.js';
import { EXIT_CODES } from '../output/exit-codes.js';

/** How a command's argument names a tenant: by its id or by its slug. */
export function tenantNamed(idOrSlug: string): { OR: [{ id: string }, { slug: string }] } {
  return { OR: [{ id: idOrSlug }, { slug: idOrSlug }] };
}

/** What a command says of a tenant that it was asked for and that is not there. */
export function noSuchTenant(idOrSlug: string): CommandError {
  return new CommandError(`There is no tenant ${idOrSlug}.`, EXIT_CODES.notFound);
}
