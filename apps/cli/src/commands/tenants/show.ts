import type { Command } from 'commander';

import { noSuchTenant, tenantNamed } from '../../environment/tenant-named.js';
import { withCentral } from '../../environment/with-central.js';
import { fields, type OutputOptions, printResult, table } from '../../output/print-result.js';

/** `nova tenants show`. */
export function register(tenants: Command): void {
  tenants
    .command('show <tenant>')
    .description('One tenant with its databases, by id or slug')
    .option('--json', 'print one JSON document')
    .action((tenant: string, options: OutputOptions) => show(tenant, options));
}

async function show(idOrSlug: string, options: OutputOptions): Promise<void> {
  const found = await withCentral((central) =>
    central.tenant.findFirst({
      where: tenantNamed(idOrSlug),
      select: {
        id: true,
        slug: true,
        name: true,
        status: true,
        statusReason: true,
        statusSince: true,
        maintenanceReason: true,
        maintenanceUntil: true,
        deleteAfter: true,
        region: true,
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
        ...(tenant.statusReason ? { reason: tenant.statusReason } : {}),
        ...(tenant.maintenanceReason ? { maintenance: tenant.maintenanceReason } : {}),
        ...(tenant.deleteAfter ? { 'kept until': tenant.deleteAfter.toISOString() } : {}),
        ...(tenant.region ? { region: tenant.region } : {}),
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
