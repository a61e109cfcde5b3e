import type { IdentityDeps } from '@nova/core/features/auth/identity-deps.js';
import type { Command } from 'commander';

import { withCore } from '../environment/with-core.js';
import { type OutputOptions, printResult } from '../output/print-result.js';

interface TokenOptions extends OutputOptions {
  email: string;
  tenant?: string;
}

/** `nova token`: an access token for a user, without his password. The audit log says so. */
export function register(program: Command): void {
  program
    .command('token')
    .description('Issue a short-lived access token (JWT) for a user of a tenant')
    .requiredOption('--email <address>', 'whose token')
    .option('--tenant <slug>', 'at which tenant, for a user of several')
    .option('--json', 'print one JSON document')
    .action(async (options: TokenOptions) => {
      const { issueAccessToken } = await import('@nova/core/features/auth/issue-access-token.js');
      const { IDENTITY } = await import('@nova/core/features/auth/identity-deps.js');
      const tokens = await withCore(process.env, (app) =>
        issueAccessToken(app.get<IdentityDeps>(IDENTITY, { strict: false }), {
          email: options.email,
          ...(options.tenant ? { tenantSlug: options.tenant } : {}),
        }),
      );
      const { accessToken, refreshToken } = tokens;
      printResult({ accessToken, refreshToken }, options, (result) => result.accessToken);
    });
}
