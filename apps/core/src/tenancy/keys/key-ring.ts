import type { Config } from '../../platform/config/config.schema.js';
import {
  openSealedText,
  readSealedText,
  type SealedText,
  SealedTextError,
  type SealKey,
  sealText,
} from '../../platform/crypto/sealed-text.js';
import { SQL_STATE, sqlStateOf } from '../../platform/postgres/sql-state.js';
import { type CentralQueries, readDataKeys, unwrapKey } from './data-keys.js';
import { KeyRingError } from './key-ring-error.js';
import { MasterKeys } from './master-keys.js';

/**
 * A key is not sealed with when it was last read longer ago than this: it may have been replaced meanwhile, and what a
 * rotation has retired is destroyed after a time that is long against it.
 */
const SEALS_FOR_MS = 10_000;

/** What was read of `data_keys`, opened. */
interface Keys {
  readonly seal: ReadonlyMap<string, Buffer>;
  readonly active: SealKey;
  readonly hash: Buffer;
}

/**
 * Seals and opens the secrets that central keeps, with data keys that the master key of the environment wraps. One that
 * it does not know yet makes it read the keys again. Made by `openKeyRing`; Nest injects the process's own.
 */
export class KeyRing {
  private readAt = performance.now();
  private reading: Promise<void> | null = null;

  private constructor(
    private readonly central: CentralQueries,
    private readonly masters: MasterKeys,
    private keys: Keys,
  ) {}

  /** Reads the keys. @throws KeyRingError when there are none, or the environment's master key opens none */
  static async open(central: CentralQueries, masters: MasterKeys): Promise<KeyRing> {
    return new KeyRing(central, masters, await readKeys(central, masters));
  }

  /** Seals `plain`. Only who names the same `aad` can open it: a sealed text moved to another row opens nothing. */
  async seal(plain: string, aad: string): Promise<string> {
    if (performance.now() - this.readAt > SEALS_FOR_MS) await this.refresh();
    return sealText('v2', this.keys.active, plain, aad);
  }

  /** @throws SealedTextError when the key is not to be had, or the text is another's or was changed */
  async open(sealed: string, aad: string): Promise<string> {
    const text = readSealedText(sealed);
    const key = this.find(text) ?? (await this.refresh().then(() => this.find(text)));
    if (!key) {
      throw new SealedTextError(`The secret was sealed with key ${text.keyId}, which is not to be had here.`);
    }
    return openSealedText(text, key, aad).toString('utf8');
  }

  /** The bytes that keyed hashes and cursors derive from. They are the same for as long as the installation lives. */
  hashKey(): Buffer {
    return this.keys.hash;
  }

  /** The data key that seals at this moment. */
  get activeKeyId(): string {
    return this.keys.active.id;
  }

  /** Reads the keys again; those who ask while it is read share one read that began after they asked. */
  async refresh(): Promise<void> {
    if (this.reading) await this.reading.catch(() => undefined);
    this.reading ??= this.read().finally(() => (this.reading = null));
    await this.reading;
  }

  private async read(): Promise<void> {
    const askedAt = performance.now();
    this.keys = await readKeys(this.central, this.masters);
    this.readAt = askedAt;
  }

  /** Texts of the first release name the master key that sealed them. */
  private find(text: SealedText): Buffer | null {
    return text.version === 'v2' ? (this.keys.seal.get(text.keyId) ?? null) : this.masters.find(text.keyId);
  }
}

/** The key ring for code without Nest. @throws KeyRingError when there are no keys, or the master key opens none */
export function openKeyRing(
  central: CentralQueries,
  config: Pick<Config, 'encryptionKey' | 'encryptionKeysPrevious'>,
): Promise<KeyRing> {
  return KeyRing.open(central, new MasterKeys(config));
}

async function readKeys(central: CentralQueries, masters: MasterKeys): Promise<Keys> {
  const all = await readDataKeys(central).catch((error: unknown) => {
    // The central database is one of the first release, and was not migrated yet.
    if (sqlStateOf(error) === SQL_STATE.undefinedTable) throw KeyRingError.noKeys();
    throw error;
  });
  const rows = all.filter((row) => row.state !== 'destroyed');
  if (rows.length === 0) throw KeyRingError.noKeys();
  const opened = rows.map((row) => ({ ...row, bytes: unwrapKey(row, masters) }));
  const hash = opened.find((row) => row.purpose === 'hash')?.bytes;
  const active = opened.find((row) => row.purpose === 'seal' && row.state === 'active');
  if (!hash || !active?.bytes) {
    throw KeyRingError.wrongMaster(
      rows.map((row) => row.master_key_id),
      masters.ids,
    );
  }
  const seal = new Map<string, Buffer>();
  for (const { id, purpose, bytes } of opened) if (purpose === 'seal' && bytes) seal.set(id, bytes);
  return { seal, active: { id: active.id, bytes: active.bytes }, hash };
}
