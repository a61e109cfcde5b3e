import type { ServerSettings } from '@nova/core/tenancy/servers/server-deps.js';

import { fields, type OutputOptions, printResult } from './print-result.js';

/** Prints how a database server stands after a command about it. Its administrator's URL is never printed. */
export function printServer(
  server: ServerSettings & { id: string; name: string },
  options: OutputOptions,
): void {
  const { id, name, state, host, port, region, weight, capacity, connectionBudget, poolerHost, poolerPort } =
    server;
  const result = {
    id,
    name,
    state,
    host,
    port,
    region,
    weight,
    capacity,
    connectionBudget,
    pooler: poolerOf({ poolerHost, poolerPort }),
  };
  printResult(result, options, () =>
    fields({
      server: name,
      id,
      state,
      address: `${host}:${port}`,
      pooler: result.pooler,
      region,
      weight: String(weight),
      capacity: capacity === null ? null : String(capacity),
      'connection budget': connectionBudget === null ? null : String(connectionBudget),
    }),
  );
}

/** `host:port` of a server's pooler; null when tenants' connections go direct. */
export function poolerOf({
  poolerHost,
  poolerPort,
}: Pick<ServerSettings, 'poolerHost' | 'poolerPort'>): string | null {
  return poolerHost === null ? null : `${poolerHost}:${poolerPort}`;
}
