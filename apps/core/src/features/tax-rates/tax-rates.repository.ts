import type { Prisma, TaxRate } from '@nova/prisma-tenant';

import { notFound } from '../../platform/errors/common-errors.js';
import { violatedUniqueIndex } from '../../platform/errors/unique-violation.js';
import type { Cursors } from '../../platform/http/cursors.js';
import { paginate, type Page } from '../../platform/http/pagination.js';
import { readReference } from '../../platform/wire/external-id.js';
import { takingExternalId } from '../../platform/wire/external-id-taken.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { type TaxRateWire, toTaxRateWire } from './tax-rate-wire.js';
import { taxRateExists } from './tax-rates.errors.js';
import type { ListTaxRatesQuery } from './tax-rates.schemas.js';

/**
 * The tax rate by our id or the caller's.
 * @throws notFound
 */
export async function requireTaxRate(db: TenantReader, idOrExternalId: string): Promise<TaxRate> {
  const where = readReference('tax', idOrExternalId);
  const rate = where && (await db.taxRate.findUnique({ where }));
  if (!rate) throw notFound('There is no such tax rate.');
  return rate;
}

/**
 * The tax rate's row, taken until the transaction ends and read as it then is.
 * @throws notFound
 */
export async function lockTaxRate(db: Prisma.TransactionClient, idOrExternalId: string): Promise<TaxRate> {
  const { id } = await requireTaxRate(db, idOrExternalId);
  await db.$queryRaw`SELECT id FROM tax_rates WHERE id = ${id} FOR UPDATE`;
  return requireTaxRate(db, id);
}

/**
 * Does a write that may break the unique key of active rates or of the external id.
 * @throws taxRateExists, externalIdTaken
 */
export async function takingPlace<T>(pointer: string, write: () => Promise<T>): Promise<T> {
  try {
    return await takingExternalId('/externalId', write);
  } catch (error) {
    if (violatedUniqueIndex(error) !== 'tax_rates_one_active_key') throw error;
    throw taxRateExists('Another active tax rate is for this place and category. Archive it first.', {
      errors: [{ pointer, code: 'taken', message: 'has an active tax rate of this category' }],
      cause: error,
    });
  }
}

/** A page of tax rates, newest first unless asked otherwise. */
export function listTaxRates(
  ctx: TenantContext,
  cursors: Cursors,
  query: ListTaxRatesQuery,
): Promise<Page<TaxRateWire>> {
  const filters: Prisma.TaxRateWhereInput[] = [];
  if (query.active !== undefined) filters.push({ active: query.active === 'true' });
  if (query.country !== undefined) filters.push({ country: query.country });
  if (query.externalId !== undefined) filters.push({ externalId: query.externalId });
  return paginate({
    query,
    cursors,
    fetch: ({ where, orderBy, take }) =>
      ctx.db.taxRate.findMany({ where: { AND: [where, ...filters] }, orderBy, take }),
    toWire: toTaxRateWire,
  });
}
