import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What a manifest says of a file, so that whoever reads it can tell that it is whole. */
export interface WrittenFile {
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** Writes lines to a file as they come, never more than a few at a time in memory, and flushes it to disk. */
export async function writeLines(file: string, lines: AsyncIterable<string>): Promise<WrittenFile> {
  const hash = createHash('sha256');
  let rows = 0;
  const finish = new Transform({
    writableObjectMode: true,
    transform(line: string, _encoding, done) {
      const text = Buffer.from(`${line}\n`);
      rows++;
      hash.update(text);
      done(null, text);
    },
  });
  await pipeline(Readable.from(lines), finish, createWriteStream(file, { flush: true, mode: 0o600 }));
  const { size } = await stat(file);
  return { rows, bytes: size, sha256: hash.digest('hex') };
}
