import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, chown, copyFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '@nova/core/platform/embedded/embedded-postgres.js';
import { ChangeListener } from '@nova/core/tenancy/central/changes.js';
import { TenantClients } from '@nova/core/tenancy/clients/tenant-clients.js';
import { TenantDirectory } from '@nova/core/tenancy/directory/tenant-directory.js';
import { preparePlatform } from '@nova/core/tenancy/prepare-platform.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { POSTGRES_URL, ProvisioningPlatform, query, refusalOf, SILENT } from './provisioning-platform.js';

const OPENSSL_IS_HERE = spawnSync('openssl', ['version']).status === 0;
if (!OPENSSL_IS_HERE) console.warn('Skipped: openssl, which makes the certificate, is not installed.');

/** The embedded server looks after itself as its superuser, in clear; everybody else needs TLS. */
const ACCESS_RULES = `host all postgres 127.0.0.1/32 scram-sha-256
hostssl all all 127.0.0.1/32 scram-sha-256
`;

let dataDir: string;
let certificate: string;
let server: EmbeddedPostgres;

/** Puts a certificate of its own authority into the server's data folder, and its access rules. */
async function requireTls(folder: string): Promise<void> {
  const key = path.join(folder, 'server.key');
  certificate = path.join(dataDir, 'server.crt');
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  // Node checks the name `localhost` where the host is an address.
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  execFileSync('openssl', [...request, ...names, '-days', '2', '-keyout', key, '-out', certificate], {
    stdio: 'ignore',
  });
  const copy = path.join(folder, 'server.crt');
  await copyFile(certificate, copy);
  const { uid, gid } = await stat(folder);
  for (const file of [key, copy]) {
    await chown(file, uid, gid);
    await chmod(file, 0o600);
  }
  await writeFile(path.join(folder, 'pg_hba.conf'), ACCESS_RULES);
}

/** The server's URL with these parameters, for the platform's own roles. */
function urlWith(parameters: Record<string, string>): string {
  const url = new URL(server.superuserUrl);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/** Whether a client of a new tenant's database, leased as requests do, is on TLS. */
async function tenantIsOnTls(platform: ProvisioningPlatform): Promise<boolean | undefined> {
  const tenantId = await platform.addTenant();
  await platform.provisioner.provision(tenantId, 'test');
  const changes = new ChangeListener(platform.config, SILENT);
  const clients = new TenantClients(platform.config, SILENT, platform.keys, changes);
  const tenant = await new TenantDirectory(platform.central, changes).get(tenantId);
  const lease = await clients.lease(tenant!.databases[0]!);
  try {
    const [row] = await lease.prisma.$queryRaw<{ ssl: boolean }[]>`
      SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`;
    return row?.ssl;
  } finally {
    lease.release();
    await clients.close();
  }
}

const parametersOf = async (platform: ProvisioningPlatform) =>
  (await platform.central.db.databaseServer.findMany()).map(({ parameters }) => parameters);

describe.skipIf(!OPENSSL_IS_HERE)('a server that takes tenants over TLS only', () => {
  beforeAll(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'nova-tls-'));
    await (await startEmbeddedPostgres({ dataDir })).stop();
    await requireTls(path.join(dataDir, 'postgres/data'));
    server = await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off', ssl: 'on' } });
  });
  afterAll(async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('is entered by tenants as the administrator’s URL says', async () => {
    const platform = await ProvisioningPlatform.create(urlWith({ sslmode: 'no-verify' }));
    expect(await parametersOf(platform)).toEqual(['sslmode=no-verify']);
    expect(await tenantIsOnTls(platform)).toBe(true);

    const { id } = await platform.provisioner.provision(await platform.addTenant(), 'live');
    const inClear = query(await platform.tenantUrl(id), 'SELECT 1');
    expect(await refusalOf(inClear)).toBe('28000');
    await platform.drop();
  });

  it('is known to tenants by the authority that the URL names', async () => {
    const verified = { sslmode: 'verify-full', sslrootcert: certificate };
    const platform = await ProvisioningPlatform.create(urlWith(verified));
    expect(await tenantIsOnTls(platform)).toBe(true);

    // Without the authority nobody vouches for the certificate, and the tenant stays away.
    await platform.central.db.databaseServer.updateMany({ data: { parameters: 'sslmode=verify-full' } });
    await expect(platform.provisioner.provision(await platform.addTenant(), 'test')).rejects.toMatchObject({
      cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    });
    await platform.drop();
  });

  it('is entered over TLS by the tenants of a platform that learns of it later', async () => {
    const platform = await ProvisioningPlatform.create(urlWith({ sslmode: 'no-verify' }));
    // As an earlier version of the platform has left it, which knew of no parameters.
    await platform.central.db.databaseServer.updateMany({ data: { parameters: '' } });
    await preparePlatform(platform.config);
    expect(await parametersOf(platform)).toEqual(['sslmode=no-verify']);

    const verified = new URL(platform.config.internalPostgresUrl);
    verified.searchParams.set('sslmode', 'verify-full');
    verified.searchParams.set('sslrootcert', certificate);
    await preparePlatform({ ...platform.config, internalPostgresUrl: verified.href });
    expect(await parametersOf(platform)).toEqual([verified.searchParams.toString()]);
    expect(await tenantIsOnTls(platform)).toBe(true);
    await platform.drop();
  });
});

describe('a server whose administrator’s URL says nothing of TLS', () => {
  it('is entered by tenants in clear', async () => {
    const platform = await ProvisioningPlatform.create(POSTGRES_URL);
    expect(await parametersOf(platform)).toEqual(['']);
    expect(await tenantIsOnTls(platform)).toBe(false);
    await platform.drop();
  });
});
