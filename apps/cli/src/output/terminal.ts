import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Styles text for a stream that is a terminal; for a file or a pipe the text stays plain. */
export function styled(stream: NodeJS.WriteStream, style: Style, text: string): string {
  const plain = !stream.isTTY || Boolean(process.env['NO_COLOR']);
  return plain ? text : styleText(style, text);
}
