import type { StartupError } from '@nova/core/platform/embedded/startup-error.js';

/** npm hands a Ctrl-C on that the terminal has sent as well: a second signal counts only after this time. */
const ECHO_MS = 1_500;

/** Why the platform is to stop: somebody asked, or a part of it cannot go on. */
export type StopReason =
  { kind: 'signal'; signal: NodeJS.Signals } | { kind: 'failure'; error: StartupError };

/** Thrown out of a start that is called off in the middle. */
export class CalledOff extends Error {}

/** Listens for SIGINT, SIGTERM and SIGHUP. The first asks to stop; a later one ends the process at once. */
export class StopRequest {
  private asked: { reason: StopReason; at: number } | null = null;
  private tell: (reason: StopReason) => void = () => {};
  readonly made = new Promise<StopReason>((resolve) => (this.tell = resolve));

  listen(): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => this.onSignal(signal));
  }

  /** A part of the platform cannot go on. */
  fail(error: StartupError): void {
    this.ask({ kind: 'failure', error });
  }

  /** For a start to look at between two steps. */
  throwIfMade(): void {
    if (this.asked) throw new CalledOff('The start was called off.');
  }

  private onSignal(signal: NodeJS.Signals): void {
    if (this.asked && performance.now() - this.asked.at > ECHO_MS) process.exit(1);
    this.ask({ kind: 'signal', signal });
  }

  private ask(reason: StopReason): void {
    if (this.asked) return;
    this.asked = { reason, at: performance.now() };
    this.tell(reason);
  }
}
