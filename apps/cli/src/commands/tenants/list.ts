import type { Command } from 'commander';

import { withCentral } from '../../environment/with-central.js';
import { type OutputOptions, printResult, table } from '../../output/print-result.js';

interface ListOptions extends OutputOptions {
  status?: string;
}

/** `nova tenants list`. */
export function register(tenants: Command): void {
  tenants
    .command('list')
    .description('All tenants, newest first')
    .option(
      '--status <status>',
      'only those that are provisioning, active, suspended, archived, deleting or deleted',
    )
    .option('--json', 'print one JSON document')
    .action((options: ListOptions) => list(options));
}

async function list(options: ListOptions): Promise<void> {
  const rows = await withCentral(async (central) => {
    const found = await central.tenant.findMany({
      ...(options.status ? { where: { status: options.status } } : {}),
      orderBy: { id: 'desc' },
      include: { databases: { where: { status: 'active' }, select: { mode: true } } },
    });
    return found.map(({ databases, ...tenant }) => ({
      id: tenant.id,
      slug: tenant.slug,
      name: tenant.name,
      kind: tenant.kind,
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
