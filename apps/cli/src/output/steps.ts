import { styled } from './terminal.js';

export interface Steps {
  /** Runs `work` as one step and says how long it took. */
  run<T>(title: string, work: () => Promise<T>): Promise<T>;
  note(line: string): void;
}

/** Tells on standard error what a command is doing: a step a line, with its time. */
export function printSteps(out: NodeJS.WriteStream = process.stderr): Steps {
  const finish = (mark: string, title: string, started: number) => {
    if (out.isTTY) out.write('\r\u001b[2K');
    const seconds = `${((performance.now() - started) / 1_000).toFixed(1)} s`;
    out.write(`${mark} ${title.padEnd(46)} ${styled(out, 'dim', seconds)}\n`);
  };
  return {
    note: (line) => {
      if (out.isTTY) out.write('\r\u001b[2K');
      out.write(`  ${line}\n`);
    },
    run: async (title, work) => {
      const started = performance.now();
      if (out.isTTY) out.write(`${styled(out, 'dim', '…')} ${title}`);
      try {
        const result = await work();
        finish(styled(out, 'green', '✔'), title, started);
        return result;
      } catch (error) {
        finish(styled(out, 'red', '✖'), title, started);
        throw error;
      }
    },
  };
}
