import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';

import { HASH_KEY } from '../crypto/hash-key.js';
import { invalidCursor } from '../errors/common-errors.js';

/** The place of a row in a list ordered by `createdAt` and then `id`. */
export interface Position {
  createdAt: Date;
  id: string;
}

export type Direction = 'asc' | 'desc';

const SIGNATURE_BYTES = 12;
const ContentSchema = z.tuple([z.enum(['asc', 'desc']), z.int(), z.string()]);

/** Writes and reads the opaque, signed cursors of lists, so that nobody builds their own and depends on its insides. */
@Injectable()
export class Cursors {
  private readonly key: Buffer;

  constructor(@Inject(HASH_KEY) hashKey: Buffer) {
    this.key = Buffer.from(hkdfSync('sha256', hashKey, '', 'nova list cursor', 32));
  }

  write(direction: Direction, position: Position): string {
    const content = Buffer.from(JSON.stringify([direction, position.createdAt.getTime(), position.id]));
    return Buffer.concat([this.sign(content), content]).toString('base64url');
  }

  /** @throws invalid_cursor when it is not one that `write` made for this direction */
  read(direction: Direction, cursor: string): Position {
    const bytes = Buffer.from(cursor, 'base64url');
    const content = bytes.subarray(SIGNATURE_BYTES);
    const signature = bytes.subarray(0, SIGNATURE_BYTES);
    if (signature.length !== SIGNATURE_BYTES || !timingSafeEqual(signature, this.sign(content))) {
      throw notOurs('Use the nextCursor of a page as it was given.');
    }
    const [writtenFor, createdAt, id] = ContentSchema.parse(JSON.parse(content.toString()));
    if (writtenFor !== direction) throw notOurs('The cursor is of a list that was sorted the other way.');
    return { createdAt: new Date(createdAt), id };
  }

  private sign(content: Buffer): Buffer {
    return createHmac('sha256', this.key).update(content).digest().subarray(0, SIGNATURE_BYTES);
  }
}

function notOurs(detail: string): Error {
  return invalidCursor(detail, { errors: [{ pointer: '?cursor', code: 'invalid_cursor', message: detail }] });
}
