import { randomBytes } from 'node:crypto';

import type { INestApplicationContext } from '@nestjs/common';
import type { IdentityDeps } from '@nova/core/features/auth/identity-deps.js';
import type { Command } from 'commander';

import { noSuchTenant, tenantNamed } from '../environment/tenant-named.js';
import { withCore } from '../environment/with-core.js';
import { fields, type OutputOptions, printResult, table } from '../output/print-result.js';

interface CreateOptions extends OutputOptions {
  email: string;
  owner: string;
  password?: string;
  slug?: string;
  country?: string;
  currency?: string;
  timeZone?: string;
}

/** `nova tenants create | list | show`. */
export function register(program: Command): void {
  const tenants = program.command('tenants').description('The companies that bill on this platform');
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
    .option('--json', 'print one JSON document')
    .action((company: string, options: CreateOptions) => create(company, options));
  tenants
    .command('list')
    .description('All tenants, newest first')
    .option('--status <status>', 'only those that are provisioning, active, suspended or deleted')
    .option('--json', 'print one JSON document')
    .action((options: OutputOptions & { status?: string }) => list(options));
  tenants
    .command('show <tenant>')
    .description('One tenant with its databases, by id or slug')
    .option('--json', 'print one JSON document')
    .action((tenant: string, options: OutputOptions) => show(tenant, options));
}

async function create(company: string, options: CreateOptions): Promise<void> {
  const { json, email, owner, password = randomBytes(12).toString('base64url'), ...rest } = options;
  const { registerTenant } = await import('@nova/core/features/auth/register-tenant.js');
  const { LOCAL_ORIGIN } = await import('@nova/core/features/audit/request-origin.js');
  const created = await withCore(process.env, async (app) => {
    const input = { email, password, name: owner, company, ...rest };
    const { tenant, user, apiKey } = await registerTenant(await identityOf(app), LOCAL_ORIGIN, input);
    return { tenantId: tenant.id, slug: tenant.slug, email: user.email, password, testKey: apiKey.key };
  });
  printResult(created, { json }, fields);
}

async function list(options: OutputOptions & { status?: string }): Promise<void> {
  const rows = await withCore(process.env, async (app) => {
    const found = await (
      await identityOf(app)
    ).central.tenant.findMany({
      ...(options.status ? { where: { status: options.status } } : {}),
      orderBy: { id: 'desc' },
      include: { databases: { where: { status: 'active' }, select: { mode: true } } },
    });
    return found.map(({ databases, ...tenant }) => ({
      id: tenant.id,
      slug: tenant.slug,
      name: tenant.name,
      status: tenant.status,
      modes: databases.map(({ mode }) => mode).sort(),
      createdAt: tenant.createdAt.toISOString(),
    }));
  });
  printResult(rows, options, (tenants) =>
    table(
      ['ID', 'SLUG', 'STATUS', 'MODES', 'CREATED'],
      tenants.map((t) => [t.id, t.slug, t.status, t.modes.join(', '), t.createdAt.slice(0, 10)]),
    ),
  );
}

async function show(idOrSlug: string, options: OutputOptions): Promise<void> {
  const found = await withCore(process.env, async (app) =>
    (await identityOf(app)).central.tenant.findFirst({
      where: tenantNamed(idOrSlug),
      select: {
        id: true,
        slug: true,
        name: true,
        status: true,
        country: true,
        currency: true,
        timeZone: true,
        createdAt: true,
        // Neither passwords nor hashes are asked for, so none can be printed.
        databases: {
          select: {
            id: true,
            mode: true,
            status: true,
            databaseName: true,
            schemaVersion: true,
            failure: true,
          },
          orderBy: { createdAt: 'asc' },
        },
        memberships: { select: { role: true, user: { select: { email: true } } } },
      },
    }),
  );
  if (!found) throw noSuchTenant(idOrSlug);
  printResult(found, options, (tenant) =>
    [
      fields({
        id: tenant.id,
        slug: tenant.slug,
        name: tenant.name,
        status: tenant.status,
        currency: tenant.currency,
        'time zone': tenant.timeZone,
        created: tenant.createdAt.toISOString(),
      }),
      table(
        ['DATABASE', 'MODE', 'STATUS', 'VERSION', 'FAILURE'],
        tenant.databases.map((d) => [
          d.databaseName,
          d.mode,
          d.status,
          d.schemaVersion ?? '–',
          d.failure ?? '',
        ]),
      ),
      table(
        ['MEMBER', 'ROLE'],
        tenant.memberships.map((m) => [m.user.email, m.role]),
      ),
    ].join('\n\n'),
  );
}

async function identityOf(app: INestApplicationContext): Promise<IdentityDeps> {
  const { IDENTITY } = await import('@nova/core/features/auth/identity-deps.js');
  return app.get<IdentityDeps>(IDENTITY, { strict: false });
}
