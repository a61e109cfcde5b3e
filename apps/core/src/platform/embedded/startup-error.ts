/** A reason why the platform cannot start on this machine, with what its user can do about it. */
export class StartupError extends Error {
  constructor(
    message: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'StartupError';
  }
}
