import { StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

/** A document as it is sent: shown by a browser, under a name of its own when it is saved. */
export interface PdfFile {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly etag: string;
}

/** Answers a request with a document. */
export function answerWithPdf(reply: FastifyReply, { fileName, bytes, etag }: PdfFile): StreamableFile {
  void reply.header('etag', etag);
  return new StreamableFile(bytes, {
    type: 'application/pdf',
    disposition: `inline; filename="${fileName}"`,
    length: bytes.length,
  });
}
