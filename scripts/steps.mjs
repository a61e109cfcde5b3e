// How the scripts talk: a step a line, with the time it took. Standard error, so that output stays clean.
import { performance } from 'node:perf_hooks';

const colours = process.stderr.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);

/** A failure with its remedy. The scripts print both and no stack. */
export class StepError extends Error {
  constructor(message, remedy, output = '') {
    super(message);
    this.remedy = remedy;
    this.output = output;
  }
}

export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** Runs `work` as one step: says what begins (on a terminal), and what it took once it is done. */
export async function step(title, work) {
  if (process.stderr.isTTY) process.stderr.write(`${paint(2, '…')} ${title}`);
  const started = performance.now();
  try {
    const result = await work();
    finishLine(paint(32, '✔'), title, performance.now() - started);
    return result;
  } catch (error) {
    finishLine(paint(31, '✖'), title, performance.now() - started);
    throw error;
  }
}

function finishLine(mark, title, ms) {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[2K');
  process.stderr.write(`${mark} ${title.padEnd(46)} ${paint(2, `${(ms / 1000).toFixed(1)} s`)}\n`);
}

/** The last words of a script that failed. */
export function explain(error) {
  if (!(error instanceof StepError)) {
    say(`\n${error instanceof Error ? error.stack : error}`);
    return;
  }
  if (error.output) say(`\n${error.output.trimEnd()}`);
  say(`\n${paint(31, error.message)}\n${paint(1, 'What to do:')} ${error.remedy}`);
}
