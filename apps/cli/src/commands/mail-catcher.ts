import { once } from 'node:events';

import type { Command } from 'commander';

interface CatcherOptions {
  host: string;
  smtpPort: string;
  httpPort: string;
}

/** `nova mail-catcher`: an SMTP server that delivers nothing and shows everything, for containers. */
export function register(program: Command): void {
  program
    .command('mail-catcher')
    .description('Catch every e-mail that is sent here and show it on a page; deliver none')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--smtp-port <port>', 'port for mail', '1025')
    .option('--http-port <port>', 'port for the page', '8025')
    .action(async (options: CatcherOptions) => {
      const { startMailCatcher } = await import('@nova/core/platform/mail/start-mail-catcher.js');
      const running = await startMailCatcher({
        host: options.host,
        smtpPort: Number(options.smtpPort),
        httpPort: Number(options.httpPort),
      });
      process.stdout.write(`Catching mail on port ${options.smtpPort}; read it at ${running.url}\n`);
      await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
      await running.stop();
    });
}
