import type { Config } from './config.schema.js';
import { ConfigError, loadConfig } from './load-config.js';

/** For entry points: a configuration that is not valid is told in plain words, and the process ends with 1. */
export function loadConfigOrExit(variables: Readonly<Record<string, string | undefined>>): Config {
  try {
    return loadConfig(variables);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(
      `${error.message}\nSet them in the environment or in .env; .env.example explains each.\n`,
    );
    process.exit(1);
  }
}
