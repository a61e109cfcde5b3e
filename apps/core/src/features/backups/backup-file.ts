import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

import { z } from 'zod';

import { notFound } from '../../platform/errors/common-errors.js';
import { restoreRefused } from './backups.errors.js';

const TableSchema = z.object({ table: z.string(), rows: z.int().min(0), checksum: z.string() });

/** What stands beside a backup, in `FILE.json`. `format` grows when a reader would have to know. */
const ManifestSchema = z.object({
  format: z.literal(1),
  tenant: z.object({ id: z.string(), slug: z.string(), name: z.string() }),
  mode: z.enum(['test', 'live']),
  databaseId: z.string(),
  schemaVersion: z.string(),
  /** Major versions of the server and of the program that wrote the file. */
  serverVersion: z.int(),
  programVersion: z.int(),
  /** The moment whose state is in it. */
  takenAt: z.iso.datetime(),
  bytes: z.int().min(0),
  sha256: z.string(),
  /** What each table held. */
  tables: z.array(TableSchema),
});
export type BackupManifest = z.infer<typeof ManifestSchema>;

export interface BackupFile {
  readonly path: string;
  readonly manifest: BackupManifest;
}

export function manifestPath(file: string): string {
  return `${file}.json`;
}

export async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** Length and SHA-256 of a file. */
export async function digestOf(file: string): Promise<Pick<BackupManifest, 'bytes' | 'sha256'>> {
  const hash = createHash('sha256');
  let bytes = 0;
  await pipeline(createReadStream(file), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      hash.update(chunk);
    }
  });
  return { bytes, sha256: hash.digest('hex') };
}

/**
 * Gives a finished backup its name, and its manifest. The manifest comes first: whoever sees the file by its name finds
 * what belongs to it.
 */
export async function publish(unfinished: string, file: string, manifest: BackupManifest): Promise<void> {
  const beside = `${unfinished}.json`;
  await writeFile(beside, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  await flush(beside);
  await flush(unfinished);
  await rename(beside, manifestPath(file));
  await rename(unfinished, file);
  await flush(path.dirname(file)).catch(() => undefined);
}

async function flush(place: string): Promise<void> {
  const handle = await open(place, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Reads a backup's manifest and sees whether the file is what was written.
 * @throws not_found, restore_refused
 */
export async function readBackup(file: string): Promise<BackupFile> {
  const place = path.resolve(file);
  if (!(await exists(place))) throw notFound(`There is no file ${place}.`);
  const text = await readFile(manifestPath(place), 'utf8').catch(() => null);
  if (text === null) throw notFound(`There is no manifest ${manifestPath(place)} beside the backup.`);
  const manifest = parseManifest(text);
  if (!manifest)
    throw restoreRefused(`${manifestPath(place)} is no manifest of a backup that this build knows.`);
  const { bytes, sha256 } = await digestOf(place);
  if (bytes !== manifest.bytes || sha256 !== manifest.sha256) {
    throw restoreRefused(`${place} is damaged: it is not the file that its manifest tells of.`);
  }
  return { path: place, manifest };
}

function parseManifest(text: string): BackupManifest | null {
  try {
    return ManifestSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
