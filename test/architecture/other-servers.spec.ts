import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { sameOnOtherServers } from '../../scripts/other-servers.mjs';
import { REPOSITORY } from '../support/source-files.js';

const BOOTS_THE_PLATFORM = /\b(startNova|startSecondApi|TenancyBench|spawnApi|spawnWorker|testEnvironment)\b/;
const SAYS_WHY = /^\/\/ The same on other servers: .{10}/;

let all: string[];
let leftOut: string[];
beforeAll(async () => {
  const names = await readdir(path.join(REPOSITORY, 'test/integration'));
  all = names.filter((name) => name.endsWith('.spec.ts')).map((name) => `test/integration/${name}`);
  leftOut = sameOnOtherServers();
});

describe('the second run of the integration tests, on Redis and through PgBouncer', () => {
  it('leaves out what is about migrations and provisioning alone', () => {
    expect(leftOut).toContain('test/integration/migrator.spec.ts');
    expect(leftOut).toContain('test/integration/provisioning.spec.ts');
  });

  it('has whatever boots the platform and does not say why not, which is most', async () => {
    for (const file of leftOut) {
      const text = await readFile(path.join(REPOSITORY, file), 'utf8');
      if (!SAYS_WHY.test(text)) expect(text, file).not.toMatch(BOOTS_THE_PLATFORM);
    }
    for (const name of ['tenancy-jobs', 'tenancy-outbox', 'customers', 'invoices', 'test-clock', 'pooler'])
      expect(leftOut).not.toContain(`test/integration/${name}.spec.ts`);
    expect(leftOut.length).toBeLessThan(all.length / 2);
  });
});
