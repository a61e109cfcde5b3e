import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { type CaughtMail, openMail } from './caught-mail.js';

const EXTENSION = '.eml';

export interface MailStoreLimits {
  readonly messagesMax: number;
  readonly bytesMax: number;
}

/** The messages that the catcher keeps: in memory, and as .eml files so that they outlive a restart. The oldest go first. */
export class MailStore {
  /** Oldest first. */
  private readonly messages: CaughtMail[] = [];
  private bytes = 0;

  private constructor(
    private readonly folder: string | null,
    private readonly limits: MailStoreLimits,
  ) {}

  /** Opens the store with what its folder holds. Without a folder everything is forgotten at the end. */
  static async open(folder: string | null, limits: MailStoreLimits): Promise<MailStore> {
    const store = new MailStore(folder, limits);
    if (folder !== null) await store.load(folder);
    return store;
  }

  /** Newest first. */
  list(): readonly CaughtMail[] {
    return [...this.messages].reverse();
  }

  get(id: string): CaughtMail | undefined {
    return this.messages.find((message) => message.id === id);
  }

  async add(message: CaughtMail): Promise<void> {
    if (this.folder !== null)
      await writeFile(this.fileOf(this.folder, message.id), message.raw, { mode: 0o600 });
    this.messages.push(message);
    this.bytes += message.raw.length;
    await this.dropOldest();
  }

  async clear(): Promise<void> {
    await this.drop(this.messages.length);
  }

  private async load(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const files = (await readdir(folder)).filter((file) => file.endsWith(EXTENSION)).sort();
    for (const file of files) {
      const raw = await readFile(path.join(folder, file));
      this.messages.push(await openMail(path.basename(file, EXTENSION), raw));
      this.bytes += raw.length;
    }
    await this.dropOldest();
  }

  private async dropOldest(): Promise<void> {
    let [count, bytes] = [0, this.bytes];
    // The newest stays even when it is over the limit by itself.
    while (this.messages.length - count > 1) {
      if (this.messages.length - count <= this.limits.messagesMax && bytes <= this.limits.bytesMax) break;
      bytes -= this.messages[count]?.raw.length ?? 0;
      count += 1;
    }
    await this.drop(count);
  }

  private async drop(count: number): Promise<void> {
    for (const message of this.messages.splice(0, count)) {
      this.bytes -= message.raw.length;
      if (this.folder !== null) await rm(this.fileOf(this.folder, message.id), { force: true });
    }
  }

  private fileOf(folder: string, id: string): string {
    return path.join(folder, `${id}${EXTENSION}`);
  }
}
