import { loadConfig } from '@nova/core/platform/config/load-config.js';
import type { DataFolder } from '@nova/core/platform/embedded/data-folder.js';

import { openFolder, startServers, withSecrets } from '../environment/embedded-environment.js';
import { UndoStack } from '../environment/undo-stack.js';
import { hasExternalServers, type Variables } from '../environment/variables.js';
import { explainFailure } from '../output/explain-failure.js';
import { printSteps, type Steps } from '../output/steps.js';
import { choosePort } from './choose-port.js';
import { keepPostgresRunning } from './keep-postgres.js';
import { MAIL_PATH, mountMailInbox, startMailInbox } from './mail-inbox.js';
import { prepareDatabases } from './prepare-databases.js';
import { readyScreen } from './ready-screen.js';
import { CalledOff, StopRequest } from './stop-request.js';

/** What is better on a developer's machine: a quiet terminal, and connections that nobody uses soon closed. */
const DEFAULTS = { LOG_LEVEL: 'warn', TENANT_POOL_IDLE_MS: '15000' };

/** Everything that the start of the platform works with. */
interface Start {
  env: Variables;
  steps: Steps;
  undo: UndoStack;
  stop: StopRequest;
}

/** Runs the whole platform in this process until somebody asks it to stop. */
export async function runDev(env: Variables): Promise<void> {
  const steps = printSteps();
  const undo = new UndoStack((line) => steps.note(line));
  const stop = new StopRequest();
  stop.listen();
  let exitCode = 0;
  try {
    await startPlatform({ env, steps, undo, stop });
    const reason = await stop.made;
    if (reason.kind === 'failure') exitCode = explainFailure(reason.error);
  } catch (error) {
    if (!(error instanceof CalledOff)) exitCode = explainFailure(error);
  }
  if (!undo.isEmpty) await steps.run('Stopping', () => undo.run());
  process.exit(exitCode);
}

async function startPlatform({ env, steps, undo, stop }: Start): Promise<void> {
  const folder = await openFolder(env);
  undo.add('The data folder', () => folder.release());
  const port = await choosePort(env, (line) => steps.note(line));
  const withServers = hasExternalServers(env)
    ? withSecrets(env, folder.secrets)
    : await startDatabase({ env, steps, undo, stop }, folder);
  stop.throwIfMade();

  const mail = env['SMTP_URL'] ? null : await startMailInbox(folder.path);
  if (mail) undo.add('The mail catcher', () => mail.close());
  const config = loadConfig({
    ...DEFAULTS,
    ...withServers,
    PORT: String(port),
    ...(mail ? { SMTP_URL: mail.smtpUrl } : {}),
  });

  await prepareDatabases(config, steps);
  stop.throwIfMade();
  // Loaded here and not at the top: a start that is refused need not wait for all of Nest.
  const { createApi } = await import('@nova/api/create-api.js');
  const app = await steps.run('Starting API and worker', () => createApi(config, { processors: 'all' }));
  undo.add('API and worker', () => app.close());
  if (mail) mountMailInbox(app, mail);
  await app.listen(config.port, config.host);
  stop.throwIfMade();

  const { readFakes } = await import('../seed/read-fakes.js');
  const { seedDemo } = await import('../seed/seed-demo.js');
  const localUrl = await app.getUrl();
  const fakesUrl = env['NOVA_FAKES_URL'] ?? null;
  const fakes = fakesUrl === null ? [] : await readFakes(fakesUrl, { ...config.providerUrls });
  const { demo, payUrl } = await steps.run('Looking after the demo tenant', () =>
    seedDemo({ url: localUrl, dataDir: folder.path, fakes }),
  );
  const { seedOperator } = await import('../seed/operator.js');
  const operator = await steps.run('Looking after the platform’s own tenant', () =>
    seedOperator(app, folder.path),
  );
  if (operator && fakes.length > 0) {
    const { seedTill } = await import('../seed/platform-till.js');
    await steps.run('Letting the platform take payments by the fakes', () => seedTill(app, fakes));
  }
  stop.throwIfMade();
  const placesAt = (url: string) => ({
    url,
    docsUrl: `${url}/api/docs`,
    mailUrl: mail ? `${url}${MAIL_PATH}` : null,
  });
  await folder.writeReady({
    ...placesAt(localUrl),
    smtpUrl: mail?.smtpUrl ?? null,
    fakesUrl,
    payUrl,
    demo,
    operator,
  });
  const screen = {
    ...placesAt(config.publicUrl),
    fakesUrl,
    payUrl,
    dataDir: folder.path,
    demo,
    operator,
    seconds: process.uptime(),
  };
  process.stdout.write(readyScreen(screen, process.stdout));
}

/** Starts the embedded server and keeps it running; the environment as it is with it. */
async function startDatabase({ env, steps, undo, stop }: Start, folder: DataFolder): Promise<Variables> {
  const log = (line: string) => steps.note(line);
  const servers = await steps.run('Starting PostgreSQL', () => startServers(env, folder, log));
  const kept = keepPostgresRunning(servers.postgres, {
    dataDir: folder.path,
    log,
    giveUp: (error) => stop.fail(error),
  });
  undo.add('PostgreSQL', () => kept.stop());
  return servers.env;
}
