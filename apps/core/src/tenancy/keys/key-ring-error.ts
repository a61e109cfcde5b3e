/** The secrets of this installation cannot be opened with the keys of the environment. */
export class KeyRingError extends Error {
  override readonly name = 'KeyRingError';

  static noKeys(): KeyRingError {
    return new KeyRingError(
      'The central database has no data keys yet: run `nova migrate central`, which makes them.',
    );
  }

  static wrongMaster(wrappedWith: readonly string[], configured: readonly string[]): KeyRingError {
    return new KeyRingError(
      `The data keys of this installation are wrapped with master key ${listed(wrappedWith)}, and the environment ` +
        `has ${listed(configured)}: set ENCRYPTION_KEY to the key that they were wrapped with, or add that one to ` +
        'ENCRYPTION_KEYS_PREVIOUS.',
    );
  }

  static rotating(): KeyRingError {
    return new KeyRingError('Another rotation of keys is under way.');
  }

  static processesLack(clients: readonly string[]): KeyRingError {
    return new KeyRingError(
      `${clients.length} running process${clients.length === 1 ? '' : 'es'} (${listed(clients)}) would be locked out: ` +
        'set ENCRYPTION_KEY to the new key and ENCRYPTION_KEYS_PREVIOUS to the old one for each, restart it, and try again.',
    );
  }
}

function listed(ids: readonly string[]): string {
  return [...new Set(ids)].join(', ');
}
