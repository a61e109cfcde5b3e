// The same on other servers: people, roles and invitations are rows of the central database; their e-mails take no queue.
import { randomBytes } from 'node:crypto';

import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { announce } from '@nova/core/tenancy/central/changes.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';
import { invitationToken, joinTeam } from '../support/team.js';

let nova: Nova;
let acme: TestTenant;
let central: CentralDatabase['db'];

beforeAll(async () => {
  nova = await startNova();
  acme = await nova.tenant();
  central = nova.app.get(CentralDatabase, { strict: false }).db;
});

afterAll(() => nova.stop());

const MEMBERS = '/tenants/me/members';
const freshEmail = () => `guest-${randomBytes(5).toString('hex')}@members.example`;
const accept = (body: object) => nova.anonymous.post('/auth/invitations/accept', body);
const newcomer = { name: 'Grace Finance', password: 'correct horse team' };

async function invite(
  role = 'finance',
  tenant = acme,
  email = freshEmail(),
): Promise<{ email: string; token: string }> {
  expectStatus(await tenant.user.post(MEMBERS, { email, role }), 201);
  return { email, token: await invitationToken(nova, email) };
}

async function founderMemberId(tenant: TestTenant): Promise<string> {
  const list = expectStatus(await tenant.user.get(MEMBERS), 200);
  return list.data.find((member: { userId: string }) => member.userId === tenant.userId).id;
}

describe('an invitation', () => {
  it('comes by e-mail and makes a member who is logged in', async () => {
    const email = freshEmail();
    const invited = expectStatus(
      await acme.user.post(MEMBERS, { email: ` ${email.toUpperCase()}`, role: 'finance' }),
      201,
    );
    expect(invited).toMatchObject({ email, role: 'finance', invitedBy: acme.userId });
    expect(JSON.stringify(invited)).not.toMatch(/token|nvi_/);
    const mail = nova.mail.list().find((caught) => caught.recipients.includes(email));
    expect(mail?.subject).toContain('invites you to Acme');
    const token = await invitationToken(nova, email);
    expect(mail?.html).toContain(`${nova.config.publicUrl}/invitations/accept#token=${token}`);
    const joined = expectStatus(await accept({ token, ...newcomer }), 200);
    expect(joined).toMatchObject({ role: 'finance', user: { email }, tenant: { id: acme.tenantId } });
    const me = expectStatus(await nova.as(joined.accessToken).get('/auth/me'), 200);
    expect(me).toMatchObject({ role: 'finance', tenantId: acme.tenantId });
    expectStatus(await nova.as(joined.accessToken).get('/customers'), 200);
    expectStatus(await nova.anonymous.post('/auth/login', { email, password: newcomer.password }), 200);
    const open = expectStatus(await acme.user.get('/tenants/me/invitations'), 200);
    expect(open.data.map((one: { email: string }) => one.email)).not.toContain(email);
  });

  it('is good once', async () => {
    const { token } = await invite();
    const answers = await Promise.all([1, 2, 3].map(() => accept({ token, ...newcomer })));
    const taken = answers.filter((answer) => answer.status === 200);
    expect(taken).toHaveLength(1);
    const again = expectStatus(await accept({ token, ...newcomer }), 400);
    expect(again).toMatchObject({ code: 'invitation_not_valid', errors: [{ pointer: '/token' }] });
  });

  it('is not good when it has expired, was withdrawn, was replaced, or never was', async () => {
    const expired = await invite();
    await central.invitation.updateMany({
      where: { email: expired.email },
      data: { expiresAt: new Date(0) },
    });
    const withdrawn = await invite();
    const open = expectStatus(await acme.user.get('/tenants/me/invitations?limit=100'), 200);
    const { id } = open.data.find((one: { email: string }) => one.email === withdrawn.email);
    const stranger = await nova.tenant();
    expectStatus(await stranger.user.delete(`/tenants/me/invitations/${id}`), 404);
    expectStatus(await acme.user.delete(`/tenants/me/invitations/${id}`), 204);
    expectStatus(await acme.user.delete(`/tenants/me/invitations/${id}`), 404);
    const replaced = await invite();
    await nova.mail.clear();
    const replacing = await invite('viewer', acme, replaced.email);
    for (const token of [expired.token, withdrawn.token, replaced.token, 'nvi_x', `nvi_${'A'.repeat(43)}`]) {
      expect(expectStatus(await accept({ token, ...newcomer }), 400).code).toBe('invitation_not_valid');
    }
    expect(expectStatus(await accept({ token: replacing.token, ...newcomer }), 200).role).toBe('viewer');
  });

  it('asks somebody new for a name and a good password, and is still good afterwards', async () => {
    const { token } = await invite();
    const pointers = async (body: object) =>
      expectStatus(await accept({ token, ...body }), 400).errors.map((e: { pointer: string }) => e.pointer);
    expect(await pointers({})).toEqual(['/name', '/password']);
    expect(await pointers({ name: 'Grace' })).toEqual(['/password']);
    expect(await pointers({ name: 'Grace', password: 'short' })).toEqual(['/password']);
    expect(await pointers({ name: 'Grace', password: 'x'.repeat(73) })).toEqual(['/password']);
    expect(await pointers({ ...newcomer, role: 'owner' })).toEqual(['/role']);
    expectStatus(await accept({ token, ...newcomer }), 200);
  });

  it('opens an account that exists only with its password, and then one has two tenants', async () => {
    const other = await nova.tenant();
    const { token } = await invite('developer', acme, other.email);
    const missing = expectStatus(await accept({ token }), 400);
    expect(missing.errors[0].pointer).toBe('/password');
    expect(expectStatus(await accept({ token, password: 'wrong password' }), 401).code).toBe(
      'invalid_credentials',
    );
    const joined = expectStatus(await accept({ token, password: other.password }), 200);
    expect(joined.user.id).toBe(other.userId);
    const me = expectStatus(await nova.as(joined.accessToken).get('/auth/me'), 200);
    expect(me.memberships.map((m: { tenantId: string; role: string }) => [m.tenantId, m.role])).toEqual([
      [other.tenantId, 'owner'],
      [acme.tenantId, 'developer'],
    ]);
    const credentials = { email: other.email, password: other.password };
    const login = async (where: object) =>
      expectStatus(await nova.anonymous.post('/auth/login', { ...credentials, ...where }), 200);
    expect((await login({})).tenant.id).toBe(other.tenantId);
    expect(await login({ tenantId: acme.tenantId })).toMatchObject({
      role: 'developer',
      tenant: { id: acme.tenantId },
    });
    const again = expectStatus(await acme.user.post(MEMBERS, { email: other.email, role: 'viewer' }), 409);
    expect(again).toMatchObject({ code: 'already_member', errors: [{ pointer: '/email' }] });
  });

  it('that cannot be e-mailed is not kept', async () => {
    const mute = await startNova({ processors: 'none', env: { SMTP_URL: 'smtp://127.0.0.1:1' } });
    try {
      const tenant = await mute.tenant();
      const failed = await tenant.user.post(MEMBERS, { email: freshEmail(), role: 'viewer' });
      expect(expectStatus(failed, 503).code).toBe('unavailable');
      expect(expectStatus(await tenant.user.get('/tenants/me/invitations'), 200).data).toEqual([]);
    } finally {
      await mute.stop();
    }
  });

  it('keeps no token in the database', async () => {
    const { token } = await invite();
    const stored = JSON.stringify([await central.invitation.findMany(), await central.auditEntry.findMany()]);
    expect(stored).not.toContain(token.slice(4));
  });
});

describe('roles', () => {
  it('take effect within two seconds, for tokens that were issued before', async () => {
    const member = await joinTeam(nova, acme, 'viewer');
    expectStatus(await member.api.get('/customers'), 200);
    expectStatus(await member.api.post('/customers', { name: 'x', currency: 'NGN' }), 403);
    expectStatus(await acme.user.patch(`${MEMBERS}/${member.memberId}`, { role: 'developer' }), 200);
    await eventually(async () => {
      expect((await member.api.post('/customers', { name: 'x', currency: 'NGN' })).status).toBe(201);
    });
    expectStatus(await acme.user.patch(`${MEMBERS}/${member.memberId}`, { role: 'support' }), 200);
    await eventually(async () => expect((await member.api.get('/tenants/me/api-keys')).status).toBe(403));
  });

  it('are granted up to one’s own and no further', async () => {
    const admin = await joinTeam(nova, acme, 'admin');
    const viewer = await joinTeam(nova, acme, 'viewer');
    const founder = await founderMemberId(acme);
    expectStatus(await admin.api.post(MEMBERS, { email: freshEmail(), role: 'owner' }), 403);
    expectStatus(await admin.api.patch(`${MEMBERS}/${viewer.memberId}`, { role: 'owner' }), 403);
    expectStatus(await admin.api.patch(`${MEMBERS}/${founder}`, { role: 'viewer' }), 403);
    expectStatus(await admin.api.delete(`${MEMBERS}/${founder}`), 403);
    expectStatus(await admin.api.patch(`${MEMBERS}/${viewer.memberId}`, { role: 'admin' }), 200);
    expectStatus(await acme.user.patch(`${MEMBERS}/${viewer.memberId}`, { role: 'emperor' }), 400);
  });

  it('of other tenants’ members cannot be touched', async () => {
    const stranger = await nova.tenant();
    const theirs = await founderMemberId(stranger);
    expectStatus(await acme.user.patch(`${MEMBERS}/${theirs}`, { role: 'viewer' }), 404);
    expectStatus(await acme.user.delete(`${MEMBERS}/${theirs}`), 404);
    expectStatus(await stranger.user.get('/auth/me'), 200);
  });
});

describe('the last owner', () => {
  it('cannot be demoted or removed, until there is another', async () => {
    const tenant = await nova.tenant();
    const founder = await founderMemberId(tenant);
    expect(expectStatus(await tenant.user.patch(`${MEMBERS}/${founder}`, { role: 'admin' }), 409).code).toBe(
      'last_owner',
    );
    expect(expectStatus(await tenant.user.delete(`${MEMBERS}/${founder}`), 409).code).toBe('last_owner');
    const second = await joinTeam(nova, tenant, 'owner');
    expectStatus(await second.api.patch(`${MEMBERS}/${founder}`, { role: 'admin' }), 200);
    expectStatus(await second.api.delete(`${MEMBERS}/${second.memberId}`), 409);
  });

  it('is there after two owners demote each other at the same moment', async () => {
    const tenant = await nova.tenant();
    const founder = await founderMemberId(tenant);
    const second = await joinTeam(nova, tenant, 'owner');
    const answers = await Promise.all([
      tenant.user.patch(`${MEMBERS}/${second.memberId}`, { role: 'viewer' }),
      second.api.patch(`${MEMBERS}/${founder}`, { role: 'viewer' }),
    ]);
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(await central.membership.count({ where: { tenantId: tenant.tenantId, role: 'owner' } })).toBe(1);
  });
});

describe('a member who is removed', () => {
  it('is out within two seconds, everywhere in that tenant and nowhere else', async () => {
    const other = await nova.tenant();
    const { token } = await invite('developer', acme, other.email);
    const joined = expectStatus(await accept({ token, password: other.password }), 200);
    const api = nova.as(joined.accessToken);
    expectStatus(await api.get('/customers'), 200);
    const list = expectStatus(await acme.user.get(`${MEMBERS}?limit=100`), 200);
    const { id } = list.data.find((member: { email: string }) => member.email === other.email);
    expectStatus(await acme.user.delete(`${MEMBERS}/${id}`), 204);
    await eventually(async () => expect((await api.get('/customers')).status).toBe(401));
    expectStatus(await nova.anonymous.post('/auth/refresh', { refreshToken: joined.refreshToken }), 401);
    expectStatus(await other.user.get('/customers'), 200);
  });
});

describe('the audit log', () => {
  it('has a row for each of it: who, what, to which, before and after, from where', async () => {
    const tenant = await nova.tenant();
    const member = await joinTeam(nova, tenant, 'viewer');
    const changed = await tenant.user.patch(`${MEMBERS}/${member.memberId}`, { role: 'support' });
    expectStatus(changed, 200);
    const log = expectStatus(await tenant.user.get(`/tenants/me/audit-log?targetId=${member.memberId}`), 200);
    expect(log.data.map((entry: { action: string }) => entry.action)).toEqual([
      'member.role_changed',
      'member.joined',
    ]);
    expect(log.data[0]).toMatchObject({
      actorType: 'user',
      actorId: tenant.userId,
      before: { role: 'viewer' },
      after: { role: 'support' },
      ipAddress: '127.0.0.1',
      requestId: changed.headers.get('request-id'),
    });
    expectStatus(await tenant.user.delete(`${MEMBERS}/${member.memberId}`), 204);
    const removed = expectStatus(await tenant.user.get('/tenants/me/audit-log?action=member.removed'), 200);
    expect(removed.data).toHaveLength(1);
    expect(
      expectStatus(await acme.user.get(`/tenants/me/audit-log?targetId=${member.memberId}`), 200).data,
    ).toEqual([]);
  });

  it('cannot be changed', async () => {
    await expect(central.auditEntry.deleteMany()).rejects.toThrow(/only grows/);
    await expect(central.auditEntry.updateMany({ data: { action: 'x' } })).rejects.toThrow(/only grows/);
  });
});

describe('the tenant', () => {
  it('is read and changed, settings merged, with a version that guards against lost updates', async () => {
    const tenant = await nova.tenant();
    const first = await tenant.user.get('/tenants/me');
    const etag = first.headers.get('etag') ?? '';
    const changes = { name: 'Acme Ltd', settings: { legalName: 'Acme Limited', netTermsDays: 30 } };
    const changed = expectStatus(await tenant.user.patch('/tenants/me', changes, { 'if-match': etag }), 200);
    expect(changed).toMatchObject({
      name: 'Acme Ltd',
      settings: { legalName: 'Acme Limited', netTermsDays: 30 },
    });
    expectStatus(await tenant.user.patch('/tenants/me', { name: 'Late' }, { 'if-match': etag }), 412);
    const merged = expectStatus(
      await tenant.user.patch('/tenants/me', { settings: { legalName: null, taxId: 'T1' } }),
      200,
    );
    expect(merged.settings).toEqual({ netTermsDays: 30, taxId: 'T1' });
    const log = expectStatus(await tenant.user.get('/tenants/me/audit-log?action=tenant.updated'), 200);
    expect(log.data.at(-1).after).toMatchObject({ name: 'Acme Ltd' });
  });

  it('cannot take a slug of another, or set what is not its own to set', async () => {
    const [one, two] = [await nova.tenant(), await nova.tenant()];
    const { slug } = expectStatus(await one.user.get('/tenants/me'), 200);
    const taken = expectStatus(await two.user.patch('/tenants/me', { slug }), 409);
    expect(taken).toMatchObject({ code: 'slug_taken', errors: [{ pointer: '/slug' }] });
    for (const key of ['id', 'status', 'version', 'configVersion', 'createdAt']) {
      const refused = expectStatus(await two.user.patch('/tenants/me', { [key]: 'x' }), 400);
      expect(refused.errors[0]).toMatchObject({ pointer: `/${key}`, code: 'unknown_key' });
    }
  });

  it('is locked for writing when suspended, within two seconds, open again afterwards, and gone when deleted', async () => {
    const tenant = await nova.tenant();
    expectStatus(await tenant.api.get('/customers'), 200);
    const setStatus = async (status: string) => {
      await central.$transaction(async (tx) => {
        await tx.tenant.update({ where: { id: tenant.tenantId }, data: { status } });
        await announce(tx, { kind: 'tenant', tenantId: tenant.tenantId });
      });
    };
    await setStatus('suspended');
    await eventually(async () =>
      expect((await tenant.api.get('/customers')).body.code).toBe('tenant_suspended'),
    );
    expect((await tenant.user.patch('/tenants/me', { name: 'x' })).body.code).toBe('tenant_suspended');
    expectStatus(await tenant.user.get('/tenants/me'), 200);
    await setStatus('active');
    await eventually(async () => expect((await tenant.api.get('/customers')).status).toBe(200));
    await setStatus('deleted');
    await eventually(async () => expect((await tenant.api.get('/customers')).status).toBe(404));
    expectStatus(await tenant.user.get('/tenants/me'), 404);
    expectStatus(await tenant.user.post('/tenants/me/api-keys', { name: 'x', mode: 'test' }), 404);
  });
});
