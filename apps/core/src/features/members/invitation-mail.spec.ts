import { describe, expect, it } from 'vitest';

import { invitationMail } from './invitation-mail.js';

const mail = invitationMail({
  invitationId: 'ivt_1',
  to: 'guest@acme.example',
  tenantName: 'Acme <script>alert(1)</script>',
  inviterName: 'Ada "the boss" Obi',
  role: 'finance',
  token: 'nvi_token',
  publicUrl: 'https://billing.example',
  expiresAt: new Date('2026-02-07T09:30:00Z'),
});

describe('the invitation', () => {
  it('has the link, the token and until when they are good', () => {
    for (const body of [mail.text, mail.html]) {
      expect(body).toContain('https://billing.example/invitations/accept#token=nvi_token');
      expect(body).toContain('as finance');
      expect(body).toContain('2026-02-07 09:30 UTC');
    }
  });

  it('is known as one message by its id', () => {
    expect(mail.messageId).toBe('<ivt_1@billing.example>');
  });

  it('escapes what people call themselves', () => {
    expect(mail.html).not.toContain('<script>');
    expect(mail.html).toContain('Ada &quot;the boss&quot; Obi');
    expect(mail.text).toContain('Ada "the boss" Obi');
  });
});
