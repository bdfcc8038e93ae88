import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export type Received = { method: string; url: string; headers: IncomingHttpHeaders; body: string };
export type Answer = { status: number; body?: object; headers?: Record<string, string> };

/** A local server in the place of an AWS service, and all that it received. */
export async function openStandIn(answer: (call: Received) => Answer) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const call = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
      received.push(call);
      const { status, body: told, headers = {} } = answer(call);
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', ...headers });
      response.end(told && JSON.stringify(told));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
