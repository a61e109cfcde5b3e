import { randomBytes } from 'node:crypto';

import { type Api, expectStatus } from './api.js';
import type { Nova, TestTenant } from './nova.js';

/** A person who joined a tenant by an invitation. */
export interface TeamMember {
  memberId: string;
  userId: string;
  email: string;
  password: string;
  accessToken: string;
  refreshToken: string;
  api: Api;
}

/** The token of the newest invitation that was e-mailed to this address. */
export async function invitationToken(nova: Nova, email: string): Promise<string> {
  const mail = nova.mail.list().find((caught) => caught.recipients.includes(email));
  const token = /\bnvi_[\w-]{43}\b/.exec(mail?.text ?? '')?.[0];
  if (!token) throw new Error(`No invitation was sent to ${email}.`);
  return token;
}

/** Invites somebody new and accepts for him. */
export async function joinTeam(nova: Nova, tenant: TestTenant, role: string): Promise<TeamMember> {
  const email = `${role}-${randomBytes(4).toString('hex')}@team.example`;
  const password = 'correct horse team';
  expectStatus(await tenant.user.post('/tenants/me/members', { email, role }), 201);
  const token = await invitationToken(nova, email);
  const joined = expectStatus(
    await nova.anonymous.post('/auth/invitations/accept', { token, name: `The ${role}`, password }),
    200,
  );
  const members = expectStatus(await tenant.user.get('/tenants/me/members?limit=100'), 200);
  const member = members.data.find((one: { email: string }) => one.email === email);
  return {
    memberId: member.id,
    userId: joined.user.id,
    email,
    password,
    accessToken: joined.accessToken,
    refreshToken: joined.refreshToken,
    api: nova.as(joined.accessToken),
  };
}
