import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * What happens to bytes on their way: they go through; they wait; they are swallowed, while connections stay open and new
 * ones are taken; connections are reset, new ones at once.
 */
export type ProxyMode =
  { kind: 'pass' } | { kind: 'delay'; ms: number } | { kind: 'black_hole' } | { kind: 'reset' };

/** A TCP proxy in front of a server that a test makes behave badly. */
export class TcpProxy {
  private mode: ProxyMode = { kind: 'pass' };
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: { host: string; port: number },
  ) {}

  static async start(target: { host: string; port: number }): Promise<TcpProxy> {
    const server = createServer();
    const proxy = new TcpProxy(server, target);
    server.on('connection', (socket) => proxy.accept(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('The proxy does not listen.');
    return address.port;
  }

  /** How many connections have come in and are still open. */
  get connections(): number {
    return this.sockets.size / 2;
  }

  /** From now on, for connections there are as well. What was swallowed stays lost. */
  behave(mode: ProxyMode): void {
    this.mode = mode;
    if (mode.kind === 'reset') for (const socket of this.sockets) socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private accept(client: Socket): void {
    if (this.mode.kind === 'reset') {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(this.target.port, this.target.host);
    this.join(client, upstream);
    this.join(upstream, client);
  }

  private join(from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (bytes) => this.forward(bytes, to));
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.sockets.delete(from);
      // Whoever sits behind a black hole never hears that the other side has gone.
      if (this.mode.kind !== 'black_hole') to.destroy();
    });
  }

  private forward(bytes: Buffer, to: Socket): void {
    if (this.mode.kind === 'black_hole') return;
    if (this.mode.kind === 'delay') setTimeout(() => to.writable && to.write(bytes), this.mode.ms);
    else if (to.writable) to.write(bytes);
  }
}
