// The same on other servers: commands are processes of their own, and the tenancy specs change their databases there.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { EXIT_CODES } from '@nova/cli/output/exit-codes.js';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { createPlatformDatabases } from '../support/central-database.js';
import { type Nova, startNova, type TestTenant } from '../support/nova.js';
import { runCommand } from '../support/nova-command.js';

let nova: Nova;
let tenant: TestTenant;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nova-commands-'));
  nova = await startNova({ processors: 'none', env: { NOVA_DATA_DIR: folder } });
  tenant = await nova.tenant({ slug: 'acme-commands' });
});
afterAll(async () => {
  await nova.stop();
  await rm(folder, { recursive: true });
});

const run = (...args: string[]) => runCommand(nova, 'tenants', ...args);

async function json(...args: string[]) {
  const { code, stdout, stderr } = await run(...args, '--json');
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

const slug = 'acme-commands';

describe('nova tenants', () => {
  it('lists and shows what is there, and says what to do where nothing is set up', async () => {
    const slugs = (await json('list')).map((listed: { slug: string }) => listed.slug);
    expect(slugs).toContain(slug);
    expect(await json('show', slug)).toMatchObject({ id: tenant.tenantId, status: 'active' });
    const empty = await createPlatformDatabases(inject('postgresUrl'));
    const config = { ...nova.config, centralDatabaseUrl: empty.centralUrl };
    const { code, stderr } = await runCommand({ config }, 'tenants', 'list');
    await empty.drop();
    expect(stderr).toContain('run `nova migrate central`');
    expect(code).toBe(EXIT_CODES.precondition);
  });

  it('suspends and resumes, by slug and by id', async () => {
    expect(await json('suspend', slug, '--reason', 'unpaid')).toMatchObject({
      tenantId: tenant.tenantId,
      status: 'suspended',
      changed: true,
    });
    expect(await json('suspend', slug, '--reason', 'unpaid')).toMatchObject({ changed: false });
    expect(await json('resume', tenant.tenantId)).toMatchObject({ status: 'active', changed: true });
    expect((await run('resume', slug)).stdout).toContain('no, it was so already');
  });

  it('begins and ends maintenance', async () => {
    const on = await json('maintenance', slug, '--on', '--reason', 'A new disk.', '--minutes', '10');
    expect(on).toMatchObject({ reason: 'A new disk.', until: expect.stringMatching(/Z$/) });
    expect(await json('maintenance', slug, '--off')).toMatchObject({ reason: null, until: null });
  });

  it('archives and unarchives', async () => {
    expect(await json('archive', slug, '--reason', 'quiet', '--yes')).toMatchObject({ status: 'archived' });
    expect(await json('unarchive', slug)).toMatchObject({ status: 'active' });
  });

  it('exports to the data folder and to one that is named', async () => {
    const [done] = await json('export', slug);
    expect(path.dirname(done.folder)).toBe(path.join(folder, 'exports'));
    const { stdout, stderr } = await run(
      'export',
      slug,
      '--mode',
      'test',
      '--without-pdfs',
      '--out',
      `${folder}/x`,
    );
    expect(stdout).toContain(`${folder}/x/acme-commands-test-`);
    expect(stderr).toContain('export test customers');
    expect((await run('export', slug, '--mode', 'live')).code).toBe(3);
  });

  it('deletes, undeletes and purges', async () => {
    const deleted = await json('delete', slug, '--after-days', '3', '--reason', 'closed', '--yes');
    expect(deleted).toMatchObject({ status: 'deleting', exports: [{ mode: 'test' }] });
    expect(await readdir(deleted.exports[0].folder)).toContain('manifest.json');
    expect(await json('undelete', slug)).toMatchObject({ status: 'active' });
    expect((await run('delete', slug, '--yes')).stdout).toContain('nova tenants undelete acme-commands');
    expect(await run('purge', slug, '--yes')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('--now'),
    });
    expect(await json('purge', slug, '--now', '--yes')).toMatchObject({ status: 'deleted', changed: true });
    expect(await json('purge', slug, '--now', '--yes')).toMatchObject({ changed: false });
    expect(await run('resume', slug)).toMatchObject({ code: 5, stderr: expect.stringContaining('deleted') });
  });

  it.each([
    [['suspend', 'nobody', '--reason', 'x'], 3],
    [['suspend', slug], 2],
    [['maintenance', slug], 2],
    [['maintenance', slug, '--on'], 2],
    [['maintenance', slug, '--on', '--off'], 2],
    [['maintenance', slug, '--on', '--reason', 'x', '--minutes', '0'], 2],
    [['archive', slug], 2],
    [['delete', slug], 2],
    [['delete', slug, '--yes', '--after-days', '-1'], 2],
    [['purge', slug, '--json'], 2],
    [['export', slug, '--mode', 'both'], 2],
    [['create', 'Short', '--email', 'short@acme.example', '--password', 'short'], 2],
    [['create', 'Long', '--email', 'long@acme.example', '--password', 'ä'.repeat(37)], 2],
    [['create', 'Bad', '--email', 'not an address'], 2],
    [['create', 'Far', '--email', 'far@acme.example', '--region', 'the-moon'], 2],
    [['delete', '--help'], 0],
  ])('%j ends with exit code %i', async (args, code) => {
    expect((await run(...args)).code).toBe(code);
  });

  it('creates one with the region that its databases have to be in', async () => {
    const created = await json('create', 'Lake', '--email', 'lake@acme.example', '--region', 'default');
    expect(await json('show', created.tenantId)).toMatchObject({ region: 'default', status: 'active' });
  });
});
