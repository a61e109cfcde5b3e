import { ConfigError, loadConfig } from '@nova/core/platform/config/load-config.js';
import type { Config } from '@nova/core/platform/config/config.schema.js';

import { environmentOfRunning } from '../environment/embedded-environment.js';
import { hasExternalServers, type Variables } from '../environment/variables.js';
import type { Finding } from './finding.js';
import { examineDataFolder, examineNode } from './examine-machine.js';
import { examinePoolers } from './examine-poolers.js';
import { examineCentral, examineQueues, examineTenantServer } from './examine-servers.js';

/** Looks at the machine, and at the servers where there are any to look at. Changes nothing. */
export async function examine(env: Variables): Promise<Finding[]> {
  const machine = [examineNode(process.versions.node), await examineDataFolder(env)];
  const variables = hasExternalServers(env) ? env : await environmentOfRunning(env);
  if (!variables) {
    return [
      ...machine,
      {
        status: 'ok',
        subject: 'Servers',
        detail:
          'embedded, and not running at the moment: run npm start, and this again, to have them looked at',
      },
    ];
  }
  const configuration = readConfiguration(variables);
  if (configuration.config === null) return [...machine, configuration.finding];
  const { config, finding } = configuration;
  return [
    ...machine,
    finding,
    await examineCentral(config),
    ...(await examineTenantServer(config)),
    ...(await examinePoolers(config)),
    await examineQueues(config),
  ];
}

function readConfiguration(variables: Variables): { config: Config | null; finding: Finding } {
  const subject = 'Configuration';
  try {
    const config = loadConfig(variables);
    return { config, finding: { status: 'ok', subject, detail: `complete, for ${config.env}` } };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const detail = error.problems.join('; ');
    return {
      config: null,
      finding: { status: 'problem', subject, detail, remedy: '.env.example explains each.' },
    };
  }
}
