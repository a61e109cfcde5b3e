/**
 * When the tenant's database of one request is given back: as soon as its handler has ended. A client that hangs up
 * does not end the handler, which still reads and writes, so hanging up gives back only what no handler has begun
 * to use. Whatever happens, it is given back once.
 */
export class RequestLease {
  private state: 'waiting' | 'in_use' | 'released' = 'waiting';

  constructor(private readonly giveBack: () => void) {}

  /** The handler begins. False when the client hung up before it could: there is nobody to answer. */
  begin(): boolean {
    if (this.state === 'released') return false;
    this.state = 'in_use';
    return true;
  }

  /** The handler has ended, well or badly. */
  end(): void {
    this.release();
  }

  /** The answer is out, or the client has hung up. */
  connectionClosed(): void {
    if (this.state === 'waiting') this.release();
  }

  private release(): void {
    if (this.state === 'released') return;
    this.state = 'released';
    this.giveBack();
  }
}
