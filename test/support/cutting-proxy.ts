import { type AddressInfo, connect, createServer } from 'node:net';

export interface CuttingProxy {
  port: number;
  cutNext(): void;
  close(): Promise<void>;
}

/** Stands before PostgreSQL; when told to, it lets a message with `marker` through and cuts the connection before the answer. */
export async function cutAfter(target: URL, marker: string): Promise<CuttingProxy> {
  let cutting = false;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let isCut = false;
    client.on('data', (data) => {
      isCut ||= cutting && data.includes(marker);
      if (isCut) cutting = false;
      upstream.write(data);
    });
    upstream.on('data', (data) => (isCut ? client.destroy() : client.write(data)));
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    for (const socket of [client, upstream]) socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cutNext: () => {
      cutting = true;
    },
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
