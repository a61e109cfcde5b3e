import { randomBytes } from 'node:crypto';

import type { Command } from 'commander';

import { identityOf } from '../../environment/identity-of.js';
import { parseInput } from '../../environment/parse-input.js';
import { withCore } from '../../environment/with-core.js';
import { fields, type OutputOptions, printResult } from '../../output/print-result.js';

interface CreateOptions extends OutputOptions {
  email: string;
  owner: string;
  password?: string;
  slug?: string;
  country?: string;
  currency?: string;
  timeZone?: string;
  region?: string;
}

/** `nova tenants create`: what `POST /api/auth/register` does, and a place to put the databases. */
export function register(tenants: Command): void {
  tenants
    .command('create <company>')
    .description('Register a tenant with its owner, its test database and its first test key')
    .requiredOption('--email <address>', 'the owner’s e-mail address')
    .option('--owner <name>', 'the owner’s name', 'Owner')
    .option('--password <password>', 'the owner’s password; one is made and printed when absent')
    .option('--slug <slug>', 'short name; made from the company’s when absent')
    .option('--country <code>', 'ISO 3166 country, such as NG')
    .option('--currency <code>', 'default currency, such as NGN')
    .option('--time-zone <zone>', 'such as Africa/Lagos')
    .option('--region <region>', 'its databases go to a server of this region and stay in it')
    .option('--json', 'print one JSON document')
    .action((company: string, options: CreateOptions) => create(company, options));
}

async function create(company: string, options: CreateOptions): Promise<void> {
  const { json, region, owner, password = randomBytes(12).toString('base64url'), ...rest } = options;
  const { RegisterSchema } = await import('@nova/core/features/auth/auth.schemas.js');
  const { registerTenant } = await import('@nova/core/features/auth/register-tenant.js');
  const { LOCAL_ORIGIN } = await import('@nova/core/features/audit/request-origin.js');
  const input = parseInput(RegisterSchema, { ...rest, password, name: owner, company });
  const created = await withCore(process.env, async (app) => {
    const registration = await registerTenant(await identityOf(app), LOCAL_ORIGIN, { ...input, region });
    const { tenant, user, apiKey } = registration;
    return { tenantId: tenant.id, slug: tenant.slug, email: user.email, password, testKey: apiKey.key };
  });
  printResult(created, { json }, fields);
}
