import { InvalidArgumentError } from 'commander';

/** Reads an option that is a whole number, as commander wants its parsers. */
export function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (value >= from && value <= to) return value;
    throw new InvalidArgumentError(`A whole number from ${from} to ${to}, please.`);
  };
}
