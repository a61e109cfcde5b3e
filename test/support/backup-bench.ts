import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import type { TenantDatabase } from '@nova/prisma-central';

import { expectStatus } from './api.js';
import { asSuperuser, createPlatformDatabases } from './central-database.js';
import { eventually } from './eventually.js';
import { commandEnvironment, type CommandResult, runCommand } from './nova-command.js';
import { type Nova, startNova, type TestTenant } from './nova.js';
import { PackagedPostgres } from './packaged-postgres.js';
import { REPOSITORY } from './source-files.js';

/** A platform on a server that has pg_dump beside it, with what specs of backups do there again and again. */
export class BackupBench {
  private constructor(
    readonly server: PackagedPostgres,
    readonly nova: Nova,
    readonly folder: string,
  ) {}

  static async start(bin: string): Promise<BackupBench> {
    const folder = await mkdtemp(path.join(tmpdir(), 'nova-backups-'));
    const server = await PackagedPostgres.start(bin);
    const databases = await createPlatformDatabases(server.superuserUrl);
    const env = { TENANT_POOLER_URL: '', NOVA_DATA_DIR: folder };
    return new BackupBench(server, await startNova({ databases, env }), folder);
  }

  async stop(): Promise<void> {
    await this.nova.stop();
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  get db() {
    return this.nova.app.get(CentralDatabase, { strict: false }).db;
  }

  rowOf({ tenantId }: TestTenant): Promise<TenantDatabase> {
    return this.db.tenantDatabase.findFirstOrThrow({ where: { tenantId } });
  }

  /** A tenant with so many paid invoices. */
  async tenant(slug: string, invoices: number): Promise<TestTenant> {
    const tenant = await this.nova.tenant({ slug });
    for (let n = 0; n < invoices; n++) await this.bill(tenant);
    return tenant;
  }

  async bill({ api }: TestTenant): Promise<void> {
    const customer = expectStatus(await api.post('/customers', { name: 'Payer', currency: 'NGN' }), 201);
    const token = 'pm_sandbox_success';
    expectStatus(await api.post(`/customers/${customer.id}/payment-methods`, { token }), 201);
    const lines = [{ description: 'Work', quantity: '2', unitAmount: '250000' }];
    const draft = expectStatus(await api.post('/invoices', { customerId: customer.id, lines }), 201);
    expectStatus(await api.post(`/invoices/${draft.id}/finalize`), 200);
    expectStatus(await api.post(`/invoices/${draft.id}/pay`), 200);
    await this.nova.settle();
  }

  async invoices({ api }: TestTenant): Promise<{ number: string; status: string }[]> {
    return expectStatus(await api.get('/invoices?limit=100'), 200).data;
  }

  isServed({ api }: TestTenant): Promise<unknown> {
    return eventually(async () => expectStatus(await api.get('/customers'), 200), { withinMs: 5_000 });
  }

  /** Runs `nova tenants …` in this process. */
  run(...args: string[]): Promise<CommandResult> {
    return runCommand(this.nova, 'tenants', ...args);
  }

  async json(...args: string[]) {
    const { code, stdout, stderr } = await this.run(...args, '--json');
    if (code !== 0) throw new Error(`It ended with ${code}: ${stderr}`);
    return JSON.parse(stdout);
  }

  /** `nova tenants …` in a process of its own, killed when it says that it begins the step `killAt`. */
  async process(args: string[], killAt: string | null, env: Record<string, string> = {}) {
    const program = path.join(REPOSITORY, 'apps/cli/dist/main.js');
    const child = spawn(process.execPath, [program, 'tenants', ...args], {
      env: { PATH: process.env['PATH'], ...commandEnvironment(this.nova), ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      if (killAt !== null && stderr.includes(`… ${killAt}\n`)) child.kill('SIGKILL');
    });
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    return { code, signal, stderr };
  }

  /** The databases on the server that are, or were made to be, this one. */
  databasesLike({ id }: TenantDatabase): Promise<string[]> {
    return asSuperuser(this.server.superuserUrl, async (client) => {
      const { rows } = await client.query<{ name: string }>(
        'SELECT datname AS name FROM pg_database WHERE datname LIKE $1 ORDER BY datname',
        [`%${id.slice(4)}%`],
      );
      return rows.map(({ name }) => name);
    });
  }

  /** Runs `work` in a tenant's database as the superuser. */
  async inside<T>(tenant: TestTenant, work: Parameters<typeof asSuperuser<T>>[1]): Promise<T> {
    const url = new URL(this.server.superuserUrl);
    url.pathname = `/${(await this.rowOf(tenant)).databaseName}`;
    return asSuperuser(url.href, work);
  }
}
