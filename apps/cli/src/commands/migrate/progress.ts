import type { DatabaseResult, Phase } from '@nova/core/tenancy/migrator/migration-runs.js';
import { SingleBar } from 'cli-progress';

/** Tells on standard error how a run goes. */
export interface FleetProgress {
  phase(phase: Phase, databases: number): void;
  done(result: DatabaseResult): void;
  note(line: string): void;
  stop(): void;
}

/** A bar for each phase on a terminal, and a line for each database that was opened elsewhere. */
export function showProgress(out: NodeJS.WriteStream = process.stderr): FleetProgress {
  return out.isTTY ? new Bars(out) : new Lines(out);
}

class Lines implements FleetProgress {
  constructor(private readonly out: NodeJS.WriteStream) {}

  phase(phase: Phase, databases: number): void {
    if (phase === 'canary' || phase === 'rest') this.note(`${phase}: ${databases} databases`);
  }

  done(result: DatabaseResult): void {
    if (result.attempts > 0) this.note(describeResult(result));
  }

  note(line: string): void {
    this.out.write(`${line}\n`);
  }

  stop(): void {}
}

class Bars implements FleetProgress {
  private bar: SingleBar | null = null;
  private failed = 0;

  constructor(private readonly out: NodeJS.WriteStream) {}

  phase(phase: Phase, databases: number): void {
    this.stop();
    this.failed = 0;
    this.bar = new SingleBar({
      stream: this.out,
      format: `${phase.padEnd(8)} {bar} {value}/{total}  failed {failed}  {duration_formatted}`,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      hideCursor: true,
      // Signals are the run's own business: it finishes what is under way.
      gracefulExit: false,
    });
    this.bar.start(databases, 0, { failed: 0 });
  }

  done(result: DatabaseResult): void {
    if (result.attempts === 0) return;
    if (result.status === 'failed') {
      this.failed += 1;
      this.note(describeResult(result));
    }
    this.bar?.increment(1, { failed: this.failed });
  }

  note(line: string): void {
    this.out.write(`\r\u001b[2K${line}\n`);
  }

  stop(): void {
    this.bar?.stop();
    this.bar = null;
  }
}

function describeResult({ status, phase, name, mode, id, error }: DatabaseResult): string {
  const mark = status === 'succeeded' ? '✔' : '✖';
  const what =
    mode === null ? (phase === 'template' ? `template of ${name}` : name) : `${name} ${mode} ${id}`;
  return `${mark} ${what}${error === null ? '' : `: ${error}`}`;
}
