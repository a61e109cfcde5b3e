/** Injection token of the bytes that keyed hashes and the signatures of cursors derive from: `@Inject(HASH_KEY) key: Buffer`. */
export const HASH_KEY = Symbol('HASH_KEY');
