import { createConnection } from 'node:net';
import type { Socket } from 'node:net';

import type { LoadRequest } from './load.ts';

/** One kept-alive connection on which one request runs at a time. */
export type HttpConnection = {
  /** Sends a request and answers its status once the whole answer is here. */
  send(request: LoadRequest): Promise<number>;
  close(): void;
};

/** Connects to a port of this machine from `localAddress`; bare, so that the client costs little of the machine. */
export async function openConnection(port: number, localAddress: string): Promise<HttpConnection> {
  const socket = await connect(port, localAddress);
  let received = '';
  let broken: Error | undefined;
  let wake = () => {};
  socket.setEncoding('latin1');
  socket.on('data', (chunk) => {
    received += String(chunk);
    wake();
  });
  socket.on('error', (error) => (broken = error));
  socket.on('close', () => {
    broken ??= new Error('the server closed a connection');
    wake();
  });
  return {
    send: async ({ method, path, headers, body }) => {
      const fields = { host: `127.0.0.1:${port}`, ...headers };
      const length = method === 'GET' ? '' : `content-length: ${Buffer.byteLength(body)}\r\n`;
      const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}${length}\r\n${body}`);
      for (;;) {
        const end = endOfAnswer(received);
        if (end !== undefined) {
          const status = Number(received.slice(9, 12));
          received = received.slice(end);
          return status;
        }
        if (broken) throw broken;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    close: () => void socket.destroy(),
  };
}

/** Where the first answer in `text` ends; undefined while it is not complete. An empty one may come in chunks. */
function endOfAnswer(text: string): number | undefined {
  const head = text.indexOf('\r\n\r\n');
  if (head === -1) return undefined;
  const headers = text.slice(0, head);
  if (/\r\ntransfer-encoding: *chunked/i.test(headers)) {
    const last = text.indexOf('0\r\n\r\n', head + 4);
    return last === -1 ? undefined : last + 5;
  }
  const end = head + 4 + Number(/\r\ncontent-length: *(\d+)/i.exec(headers)?.[1] ?? 0);
  return text.length < end ? undefined : end;
}

function connect(port: number, localAddress: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ port, host: '127.0.0.1', localAddress, noDelay: true });
    socket.once('connect', () => resolve(socket)).once('error', reject);
  });
}
