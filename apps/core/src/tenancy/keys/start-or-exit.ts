import { KeyRingError } from './key-ring-error.js';

/** For entry points: keys that do not open this installation's secrets are told of in plain words, and the process ends with 1. */
export async function startOrExit<T>(start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof KeyRingError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
