import path from 'node:path';

import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { MailCatcher } from '@nova/core/platform/mail/mail-catcher.js';
import { mailCatcherPage } from '@nova/core/platform/mail/mail-catcher-page.js';

/** Where the inbox is read, below the API's address. */
export const MAIL_PATH = '/dev/mail';

/** Catches every e-mail of the platform; messages survive a restart in the data folder. */
export function startMailInbox(dataDir: string): Promise<MailCatcher> {
  return MailCatcher.start({ smtpPort: 0, folder: path.join(dataDir, 'mail') });
}

/** Shows the inbox on the API's own port. It is the developer's: no key is asked for. */
export function mountMailInbox(app: NestFastifyApplication, catcher: MailCatcher): void {
  const fastify = app.getHttpAdapter().getInstance();
  for (const url of [MAIL_PATH, `${MAIL_PATH}/*`]) {
    fastify.get(url, (request, reply) => {
      const page = mailCatcherPage(catcher, {
        basePath: MAIL_PATH,
        path: request.url.slice(MAIL_PATH.length),
      });
      return reply.status(page.status).headers(page.headers).send(page.body);
    });
  }
}
