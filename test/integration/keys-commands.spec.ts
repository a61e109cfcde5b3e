// The same on other servers: keys and what they seal are in the central database, which has no pooler.
import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { type CommandResult, runCommand } from '../support/nova-command.js';
import { type Nova, startNova, type TestTenant } from '../support/nova.js';

let nova: Nova;
let tenant: TestTenant;
beforeAll(async () => {
  nova = await startNova({ processors: 'none' });
  tenant = await nova.tenant();
});
afterAll(() => nova.stop());

const json = ({ code, stdout, stderr }: CommandResult) => {
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return JSON.parse(stdout);
};
const auditedActions = async () => {
  const { db } = nova.app.get(CentralDatabase, { strict: false });
  const entries = await db.auditEntry.findMany({ where: { actorType: 'operator' }, orderBy: { id: 'asc' } });
  return entries.map(({ action, tenantId }) => [action, tenantId]);
};

describe('nova keys', () => {
  it('list says what there is, and never a key', async () => {
    const listed = json(await runCommand(nova, 'keys', 'list', '--json'));
    expect(listed.masterKeys).toEqual([{ id: expect.stringMatching(/^[0-9a-f]{8}$/), state: 'present' }]);
    expect(listed.dataKeys.map((key: { purpose: string }) => key.purpose).sort()).toEqual(['hash', 'seal']);
    const { stdout } = await runCommand(nova, 'keys', 'list');
    expect(stdout).toMatch(/seal +active/);
    expect(stdout).not.toContain(nova.config.encryptionKey.toString('hex'));
  });

  it('rotate seals all anew, and is on record', async () => {
    const rotated = json(await runCommand(nova, 'keys', 'rotate', '--json'));
    expect(rotated).toMatchObject({ texts: 2, unopened: [], removable: [], resumed: false });
    const listed = json(await runCommand(nova, 'keys', 'list', '--json'));
    expect(listed.dataKeys.at(-1)).toMatchObject({ id: rotated.activeKeyId, state: 'active', texts: 2 });
    expectStatus(await tenant.api.get('/customers'), 200);
    expect(await auditedActions()).toContainEqual(['keys.rotated', null]);
  });

  it('rotate --new-master explains the three steps where the key comes from the environment', async () => {
    const { code, stderr } = await runCommand(nova, 'keys', 'rotate', '--new-master');
    expect(code).toBe(5);
    expect(stderr).toMatch(
      /1\. Set ENCRYPTION_KEY[\s\S]*2\. Run nova keys rotate[\s\S]*3\. Take the old key/,
    );
  });

  it('rotate-passwords gives a tenant new logins, and is on record at the tenant', async () => {
    const rotated = json(
      await runCommand(nova, 'keys', 'rotate-passwords', '--tenant', tenant.tenantId, '--json'),
    );
    expect(rotated).toMatchObject({
      databases: [{ tenantId: tenant.tenantId, error: null }],
      formerLogins: 1,
    });
    expectStatus(await tenant.api.get('/customers'), 200);
    expect(await auditedActions()).toContainEqual(['tenant.password_rotated', tenant.tenantId]);
    const all = await runCommand(nova, 'keys', 'rotate-passwords', '--all');
    expect(all).toMatchObject({ code: 0, stdout: expect.stringMatching(/rotated +1/) });
  });

  it('rotate-passwords wants to know whose, and finds nobody who is not there', async () => {
    expect((await runCommand(nova, 'keys', 'rotate-passwords')).code).toBe(2);
    expect((await runCommand(nova, 'keys', 'rotate-passwords', '--tenant', 'nobody')).code).toBe(3);
  });
});
