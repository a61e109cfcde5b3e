import { Writable } from 'node:stream';

const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'ERROR',
  60: 'FATAL',
};
const LEFT_OUT = new Set(['level', 'time', 'msg', 'err', 'pid', 'hostname', 'service', 'stack']);

interface Line {
  level: number;
  time: number;
  msg?: string;
  err?: { message?: string; stack?: string };
}

/** One log line as a person at a terminal reads it. */
export function readableLine(json: string): string {
  let line: Line;
  try {
    line = JSON.parse(json) as Line;
  } catch {
    return json;
  }
  const time = new Date(line.time).toISOString().slice(11, 23);
  const fields = Object.entries(line)
    .filter(([key]) => !LEFT_OUT.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const level = (LEVELS[line.level] ?? String(line.level)).padEnd(5);
  const text = [time, level, line.msg ?? '', ...fields].join(' ');
  return line.err ? `${text}\n${line.err.stack ?? line.err.message ?? ''}\n` : `${text}\n`;
}

/** A destination for pino that writes lines for people instead of JSON. */
export function readableLines(out: Writable): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      out.write(readableLine(chunk));
      done();
    },
  });
}
