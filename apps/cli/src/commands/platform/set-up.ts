import { randomBytes } from 'node:crypto';

import type { Command } from 'commander';

import { identityOf } from '../../environment/identity-of.js';
import { platformOf } from '../../environment/platform-of.js';
import { withCore } from '../../environment/with-core.js';
import { CommandError } from '../../output/command-error.js';
import { EXIT_CODES } from '../../output/exit-codes.js';
import { fields, type OutputOptions, printResult } from '../../output/print-result.js';

interface SetUpOptions extends OutputOptions {
  email: string;
  name: string;
  password?: string;
}

/** `nova platform setup`: the platform's tenant with its plans, and a login for whoever operates it. */
export function register(platform: Command): void {
  platform
    .command('setup')
    .description(
      'Make the platform’s own tenant with its plans, and a login of it; what is there is left alone',
    )
    .requiredOption('--email <address>', 'the operator’s e-mail address')
    .option('--name <name>', 'the operator’s name', 'Operator')
    .option('--password <password>', 'for a new account; one is made and printed when absent')
    .option('--json', 'print one JSON document')
    .action((options: SetUpOptions) => setUp(options));
}

async function setUp(options: SetUpOptions): Promise<void> {
  const { email, name, password = randomBytes(12).toString('base64url') } = options;
  const { makeOperator } = await import('@nova/core/features/platform-billing/make-operator.js');
  const made = await withCore(process.env, async (app) => {
    const deps = await platformOf(app);
    if (!deps.platform.isOn) {
      throw new CommandError('The platform bills nobody: PLATFORM_BILLING is off.', EXIT_CODES.precondition);
    }
    const { tenantId, account } = await makeOperator(deps, await identityOf(app), { email, name, password });
    return { tenantId, email, account, ...(account === 'made' ? { password } : {}) };
  });
  printResult(made, options, fields);
}
