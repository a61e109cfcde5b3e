import type { Config } from '../../platform/config/config.schema.js';
import { masterKeyId, type SealKey } from '../../platform/crypto/sealed-text.js';

/** The keys of the environment: the present one wraps, the present and the previous ones open. */
export class MasterKeys {
  readonly present: SealKey;
  private readonly byId: ReadonlyMap<string, Buffer>;

  constructor(config: Pick<Config, 'encryptionKey' | 'encryptionKeysPrevious'>) {
    this.present = { id: masterKeyId(config.encryptionKey), bytes: config.encryptionKey };
    const all = [config.encryptionKey, ...config.encryptionKeysPrevious];
    this.byId = new Map(all.map((bytes) => [masterKeyId(bytes), bytes]));
  }

  /** Their ids, the present one first. */
  get ids(): string[] {
    return [...this.byId.keys()];
  }

  find(id: string): Buffer | null {
    return this.byId.get(id) ?? null;
  }
}
