import type { IncomingMessage } from 'node:http';

/** Reads at most so many bytes of an answer; the rest is left on a connection that is closed. */
export async function readSome(response: IncomingMessage, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    // Leaving the loop destroys the stream, and its connection with it.
    if (length >= most) break;
  }
  return Buffer.concat(chunks).subarray(0, most);
}
