/** What a command's exit code means; `nova --help` prints this table. */
export const EXIT_CODES = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  /** Some of several things failed, others did not. */
  partial: 4,
  /** Something has to be true first, for example that nobody else is migrating. */
  precondition: 5,
  /** It was paused or interrupted, and can go on. */
  unfinished: 6,
  /** A part is away for the moment. */
  tryLater: 75,
} as const;

export const EXIT_CODE_HELP = `
Exit codes:
  0 done · 1 failed · 2 wrong usage · 3 not found · 4 some of it failed · 5 a condition is not met
  6 paused or interrupted, can go on · 75 try again later

Results go to standard output, progress and warnings to standard error. --json prints one JSON document.`;

/** The exit code for an answer's HTTP status, as the catalogue of errors has it. */
export function exitCodeOfStatus(status: number): number {
  if (status === 404) return EXIT_CODES.notFound;
  if (status === 409 || status === 412) return EXIT_CODES.precondition;
  if (status === 503) return EXIT_CODES.tryLater;
  return status < 500 ? EXIT_CODES.usage : EXIT_CODES.failed;
}
