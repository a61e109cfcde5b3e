import { pino, type DestinationStream, type Logger } from 'pino';

import type { Config } from '../config/config.schema.js';
import { currentLogFields } from './log-fields.js';
import { readableLines } from './readable-lines.js';
import { redact, redactText } from './redaction.js';

/**
 * The process's logger: JSON lines on standard output, and readable ones at a developer's terminal. Every line carries
 * the fields of the request or job under way, and no secrets.
 */
export function createLogger(
  config: Pick<Config, 'env' | 'logLevel'>,
  destination: DestinationStream = destinationOf(config),
): Logger {
  return pino(
    {
      level: config.logLevel,
      base: null,
      mixin: () => ({ ...currentLogFields() }),
      formatters: { log: (fields) => redact(fields) as Record<string, unknown> },
      // The formatter above writes errors; pino's own serializer would come after it and undo the redaction.
      serializers: { err: (error: unknown) => (error instanceof Error ? redact(error) : error) },
      hooks: {
        logMethod(args, method) {
          const clean = args.map((arg): unknown => (typeof arg === 'string' ? redactText(arg) : arg));
          method.apply(this, clean as Parameters<typeof method>);
        },
      },
    },
    destination,
  );
}

function destinationOf(config: Pick<Config, 'env'>): DestinationStream {
  const forPeople = config.env === 'development' && process.stdout.isTTY;
  return forPeople ? readableLines(process.stdout) : pino.destination({ dest: 1, sync: true });
}
