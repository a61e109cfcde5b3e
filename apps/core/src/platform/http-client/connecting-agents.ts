import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';

/** The connections of calls to providers: kept open, and given up when they do not come about in `connectMs`. */
export interface Agents {
  readonly http: http.Agent;
  readonly https: https.Agent;
}

/**
 * How long a connection is kept that nobody uses. Without this limit Node heeds no server's word of its own, shorter one
 * either (v20), and a call on a connection that is just being closed is lost: of a charge nothing would be known.
 */
export const IDLE_MS = 15_000;

/** Agents whose connections fail with the code CONNECT_TIMEOUT after `connectMs`. */
export function connectingAgents(connectMs: number): Agents {
  const options = { keepAlive: true, maxFreeSockets: 16, timeout: IDLE_MS } as const;
  return {
    http: limitConnecting(new http.Agent(options), connectMs, 'connect'),
    https: limitConnecting(new https.Agent(options), connectMs, 'secureConnect'),
  };
}

function limitConnecting<A extends http.Agent>(agent: A, connectMs: number, connected: string): A {
  const original = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket: Duplex | null | undefined = original(options, callback);
    if (!socket) return socket;
    const late = Object.assign(new Error('The connection did not come about in time.'), {
      code: 'CONNECT_TIMEOUT',
    });
    const timer = setTimeout(() => socket.destroy(late), connectMs);
    const settled = () => clearTimeout(timer);
    socket.once(connected, settled).once('close', settled);
    return socket;
  };
  return agent;
}
