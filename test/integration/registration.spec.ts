import { randomBytes } from 'node:crypto';

import { newId } from '@nova/core/platform/ids/new-id.js';
import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { clusterNames } from '@nova/core/tenancy/servers/cluster-names.js';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { asSuperuser } from '../support/central-database.js';
import { startNova, type Nova } from '../support/nova.js';

let nova: Nova;
let central: CentralDatabase;

beforeAll(async () => {
  nova = await startNova();
  central = nova.app.get(CentralDatabase, { strict: false });
});

afterAll(() => nova.stop());

const unique = () => randomBytes(5).toString('hex');
const form = <T extends object = object>(changes: T = {} as T) => ({
  email: `ada-${unique()}@register.example`,
  password: 'correct horse battery',
  name: 'Ada Obi',
  company: `Acme ${unique()}`,
  ...changes,
});
const register = (input: object) => nova.anonymous.post('/auth/register', input);

const tenantDatabases = async () => {
  const { rows } = await central.pool.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM tenant_databases WHERE status <> $1',
    ['retired'],
  );
  return rows[0]?.count;
};

describe('registration', () => {
  it('gives a tenant, an owner, tokens and a test key that works at once', async () => {
    const input = form({ country: 'NG', currency: 'NGN', timeZone: 'Africa/Lagos' });
    const body = expectStatus(await register(input), 201);
    expect(body).toMatchObject({
      user: { email: input.email, name: 'Ada Obi' },
      tenant: {
        name: input.company,
        status: 'active',
        country: 'NG',
        currency: 'NGN',
        timeZone: 'Africa/Lagos',
      },
      role: 'owner',
      apiKey: { mode: 'test', kind: 'secret', status: 'active' },
    });
    expect(body.apiKey.key).toMatch(/^sk_test_\w{36}$/);
    expect(JSON.stringify(body)).not.toMatch(/hash/i);
    for (const credential of [body.apiKey.key, body.accessToken]) {
      const customers = expectStatus(await nova.as(credential).get('/customers'), 200);
      expect(customers.data).toEqual([]);
    }
    const log = expectStatus(await nova.as(body.accessToken).get('/tenants/me/audit-log'), 200);
    const actions = log.data.map((entry: { action: string }) => entry.action);
    expect(actions).toEqual(expect.arrayContaining(['tenant.registered', 'api_key.created']));
  });

  it('refuses an e-mail address that is taken, however it is written', async () => {
    const input = form();
    expectStatus(await register(input), 201);
    for (const email of [input.email, input.email.toUpperCase(), `  ${input.email}`]) {
      const refused = expectStatus(await register(form({ email })), 409);
      expect(refused.code).toBe('email_taken');
      expect(refused.errors[0].pointer).toBe('/email');
    }
  });

  it('refuses a slug that is taken or reserved, and finds one of its own when none is given', async () => {
    const slug = `acme-${unique()}`;
    expectStatus(await register(form({ slug })), 201);
    const taken = expectStatus(await register(form({ slug })), 409);
    expect(taken).toMatchObject({ code: 'slug_taken', errors: [{ pointer: '/slug' }] });
    expect(expectStatus(await register(form({ slug: 'admin' })), 400).errors[0].pointer).toBe('/slug');
    const company = `Ọjà ${unique()}`;
    const first = expectStatus(await register(form({ company })), 201);
    const second = expectStatus(await register(form({ company })), 201);
    expect(first.tenant.slug).toMatch(/^oja-[0-9a-f]{10}$/);
    expect(second.tenant.slug).toMatch(/^oja-[0-9a-f]{10}-\w{4}$/);
    const reserved = expectStatus(await register(form({ company: 'API' })), 201);
    expect(reserved.tenant.slug).toMatch(/^api-\w{4}$/);
  });

  it.each<[string, object, string]>([
    ['a password of nine characters', { password: '123456789' }, '/password'],
    ['a password of 73 bytes', { password: 'a'.repeat(73) }, '/password'],
    ['a password of 25 three-byte characters', { password: '₦'.repeat(25) }, '/password'],
    ['an address that is none', { email: 'ada' }, '/email'],
    ['no company', { company: undefined }, '/company'],
    ['a blank name', { name: '  ' }, '/name'],
    ['an unknown currency', { currency: 'XXX' }, '/currency'],
    ['an unknown time zone', { timeZone: 'Mars/Olympus' }, '/timeZone'],
    ['a role', { role: 'owner' }, '/role'],
    ['a status', { status: 'active' }, '/status'],
    ['an id', { id: 'ten_1' }, '/id'],
    ['a tenant', { tenantId: 'ten_1' }, '/tenantId'],
  ])('refuses %s with a pointer', async (_, changes, pointer) => {
    const users = await central.db.user.count();
    const refused = expectStatus(await register(form(changes)), 400);
    expect(refused.errors.map((e: { pointer: string }) => e.pointer)).toContain(pointer);
    expect(await central.db.user.count()).toBe(users);
  });

  it('lets one of many that register the same address at once through', async () => {
    const email = form().email;
    const answers = await Promise.all(Array.from({ length: 6 }, () => register(form({ email }))));
    expect(answers.map((answer) => answer.status).sort((a, b) => a - b)).toEqual([
      201, 409, 409, 409, 409, 409,
    ]);
    expect(await central.db.user.count({ where: { email } })).toBe(1);
  });
});

describe('a registration that does not come to its end', () => {
  it('leaves nothing when the database cannot be made, and succeeds when repeated', async () => {
    const input = form({ slug: `half-${unique()}` });
    const [tenants, databases] = [await central.db.tenant.count(), await tenantDatabases()];
    await central.db.databaseServer.updateMany({ data: { state: 'closed' } });
    const failed = await register(input);
    await central.db.databaseServer.updateMany({ data: { state: 'open' } });
    expect(failed.status).toBe(503);
    expect(await central.db.user.count({ where: { email: input.email } })).toBe(0);
    expect(await central.db.tenant.count()).toBe(tenants);
    expect(await tenantDatabases()).toBe(databases);
    expectStatus(await register(input), 201);
  });

  it('leaves nothing when the server refuses to clone, and succeeds when repeated', async () => {
    const input = form();
    const databases = await tenantDatabases();
    const failed = await withoutTemplate(() => register(input));
    expect(failed.status, JSON.stringify(failed.body)).toBe(503);
    expect(await central.db.user.count({ where: { email: input.email } })).toBe(0);
    expect(await tenantDatabases()).toBe(databases);
    expectStatus(await register(input), 201);
  });

  it('cut off by a kill is taken over by the next with the same address and slug', async () => {
    const input = form({ slug: `cut-${unique()}` });
    const { tenantId } = await cutOff(input, 60);
    const body = expectStatus(await register(input), 201);
    expect(body.tenant).toMatchObject({ slug: input.slug, status: 'active' });
    expect(body.tenant.id).not.toBe(tenantId);
    expect(await central.db.tenant.findUnique({ where: { id: tenantId } })).toBeNull();
  });

  it('cut off by a kill frees its slug for others too', async () => {
    const slug = `cut-${unique()}`;
    await cutOff(form({ slug }), 60);
    expectStatus(await register(form({ slug })), 201);
  });

  it('is not taken over while it may still be under way', async () => {
    const input = form();
    await cutOff(input, 5);
    const refused = await register(input);
    expect(refused.body.code).toBe('registration_in_progress');
    expect(refused.headers.get('retry-after')).toBe('30');
  });

  it('never lets anybody take over an account that exists', async () => {
    const input = form();
    const body = expectStatus(await register(input), 201);
    await central.db.tenant.update({ where: { id: body.tenant.id }, data: { createdAt: new Date(0) } });
    expect(expectStatus(await register(input), 409).code).toBe('email_taken');
    expectStatus(
      await nova.anonymous.post('/auth/login', { email: input.email, password: input.password }),
      200,
    );
  });
});

/** Runs `work` while there is no template to clone. */
async function withoutTemplate<T>(work: () => Promise<T>): Promise<T> {
  const { template } = clusterNames(nova.config.centralDatabaseUrl);
  const rename = (from: string, to: string) =>
    asSuperuser(inject('postgresUrl'), (client) => client.query(`ALTER DATABASE ${from} RENAME TO ${to}`));
  await rename(template, `${template}_away`);
  try {
    return await work();
  } finally {
    await rename(`${template}_away`, template);
  }
}

/** The rows that a registration had written when its process was killed, so many seconds ago. */
async function cutOff(
  input: { email: string; slug?: string },
  secondsAgo: number,
): Promise<{ tenantId: string }> {
  const [tenantId, userId] = [newId('ten'), newId('usr')];
  const createdAt = new Date(Date.now() - secondsAgo * 1_000);
  const slug = input.slug ?? `cut-${unique()}`;
  await central.db.tenant.create({
    data: { id: tenantId, slug, name: 'Cut off', status: 'provisioning', createdAt },
  });
  await central.db.user.create({
    data: { id: userId, email: input.email, name: 'Ada', passwordHash: '-', createdAt },
  });
  await central.db.membership.create({
    data: { id: newId('mem'), tenantId, userId, role: 'owner', createdAt },
  });
  return { tenantId };
}
