import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Knows on which connections of a server a request is being answered, so that a server that leaves waits for those alone.
 * Node takes a connection that was opened and never used for a busy one, and does not look again at one whose answer ends
 * after the server was closed: either would keep a process until its caller, or a load balancer, thinks of closing it.
 */
export class OpenConnections {
  /** How many requests are being answered on each. */
  private readonly answering = new Map<Socket, number>();
  private leaving = false;

  constructor(server: Server) {
    server.on('connection', (socket) => this.opened(socket));
    server.on('request', ({ socket }, response) => {
      this.count(socket, 1);
      response.once('close', () => this.count(socket, -1));
    });
  }

  /** Closes those on which nothing is being answered, and from now on each of the others with the end of its answer. */
  closeIdle(): void {
    this.leaving = true;
    for (const [socket, requests] of this.answering) if (requests === 0) socket.destroy();
  }

  private opened(socket: Socket): void {
    // A moment later it would not have been accepted at all.
    if (this.leaving) socket.destroy();
    this.answering.set(socket, 0);
    socket.once('close', () => this.answering.delete(socket));
  }

  private count(socket: Socket, change: 1 | -1): void {
    const requests = this.answering.get(socket);
    if (requests === undefined) return;
    this.answering.set(socket, requests + change);
    // What was written of the answer is sent before the end.
    if (this.leaving && requests + change === 0) socket.destroySoon();
  }
}
