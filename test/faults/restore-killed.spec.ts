import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { BackupBench } from '../support/backup-bench.js';
import type { TestTenant } from '../support/nova.js';
import { PACKAGED_POSTGRES } from '../support/packaged-postgres.js';

if (PACKAGED_POSTGRES === null) {
  console.log('Restoring is not tested: this machine has no packaged PostgreSQL with pg_dump.');
}

describe.skipIf(PACKAGED_POSTGRES === null)('a restoration that is killed', () => {
  const slug = 'acme-killed';
  let bench: BackupBench;
  let acme: TestTenant;
  /** Backups with one invoice and with two. */
  let one: string;
  let two: string;

  beforeAll(async () => {
    bench = await BackupBench.start(PACKAGED_POSTGRES ?? '');
    [one, two] = [path.join(bench.folder, 'one.dump'), path.join(bench.folder, 'two.dump')];
    acme = await bench.tenant(slug, 1);
    await bench.json('backup', slug, '--out', one);
    await bench.bill(acme);
    await bench.json('backup', slug, '--out', two);
  });
  afterAll(() => bench?.stop());

  const restore = (file: string) => ['restore', slug, '--from', file, '--yes'];
  const killAt = async (step: string, file: string) =>
    expect(await bench.process(restore(file), step)).toMatchObject({ signal: 'SIGKILL' });

  async function stands(invoices: number): Promise<void> {
    await bench.isServed(acme);
    expect(await bench.invoices(acme)).toHaveLength(invoices);
    expect((await bench.run('verify', slug)).code).toBe(0);
  }

  const STEPS = ['stop', 'close', 'restore', 'check', 'switch', 'open', 'drop the old database'];

  it.each(STEPS)('at “%s” is finished by the same call again', async (step) => {
    await bench.bill(acme);
    await killAt(step, two);
    await bench.json(...restore(two));
    await stands(2);
    const row = await bench.rowOf(acme);
    expect(await bench.databasesLike(row)).toEqual([row.databaseName]);
  });

  it.each(STEPS)('at “%s” can be followed by one of another backup', async (step) => {
    await killAt(step, two);
    await bench.json(...restore(one));
    await stands(1);
    const row = await bench.rowOf(acme);
    expect(await bench.databasesLike(row)).toEqual([row.databaseName]);
  });

  it.each(STEPS.slice(1))('at “%s” is given up when the maintenance is ended', async (step) => {
    await bench.bill(acme);
    const had = (await bench.invoices(acme)).length;
    await killAt(step, one);
    expectStatus(await acme.api.get('/customers'), 503);
    await bench.json('maintenance', slug, '--off');
    await stands(['open', 'drop the old database'].includes(step) ? 1 : had);
    await bench.json('restore', slug, '--drop-old', '--yes');
    const row = await bench.rowOf(acme);
    expect(await bench.databasesLike(row)).toEqual([row.databaseName]);
    await bench.json(...restore(one));
    await stands(1);
  });

  it('leaves an archived tenant archived', async () => {
    await bench.json('archive', slug, '--yes');
    await bench.json(...restore(two));
    expectStatus(await acme.api.get('/customers'), 410);
    await bench.json('unarchive', slug);
    await stands(2);
  });
});
