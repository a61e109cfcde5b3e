import type { Role } from '../../platform/access/permissions.js';
import { html } from '../../platform/mail/html.js';
import type { OutgoingMail } from '../../platform/mail/mailer.js';

export interface InvitationMail {
  invitationId: string;
  to: string;
  tenantName: string;
  inviterName: string;
  role: Role;
  token: string;
  publicUrl: string;
  expiresAt: Date;
}

/** The e-mail that invites somebody: a link for people and the token for those who use the API alone. */
export function invitationMail(mail: InvitationMail): OutgoingMail {
  const link = `${mail.publicUrl}/invitations/accept#token=${mail.token}`;
  const until = `${mail.expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const who = `${mail.inviterName} invites you to join ${mail.tenantName} on NovaBilling as ${mail.role}.`;
  const otherwise = `It is good until ${until}. If you do not know ${mail.tenantName}, ignore this message.`;
  const text = [
    who,
    `Accept the invitation: ${link}`,
    `Or give this token to POST /api/auth/invitations/accept: ${mail.token}`,
    otherwise,
  ];
  const page = html`<p>${who}</p>
    <p><a href="${link}">Accept the invitation</a></p>
    <p>
      Or give this token to <code>POST /api/auth/invitations/accept</code>:<br /><code>${mail.token}</code>
    </p>
    <p>${otherwise}</p>`;
  return {
    to: mail.to,
    subject: `${mail.inviterName} invites you to ${mail.tenantName}`,
    text: text.join('\n\n'),
    html: page.text,
    messageId: `<${mail.invitationId}@${new URL(mail.publicUrl).hostname}>`,
  };
}
