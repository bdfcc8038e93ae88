import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

import { errorFields, log } from '../../shared/platform/log.ts';
import { toEvent } from './api-gateway-event.ts';
import { writeMessage, writeResult } from './api-gateway-result.ts';
import { createRouter } from './api-gateway-routes.ts';
import type { Invoke } from './handlers.ts';
import { StartError } from './start-error.ts';

/** What an HTTP API takes at most. */
const MAX_BODY = 10 * 1024 * 1024;

export type HttpServer = {
  port: number;
  /** Replaces the answer 503 that callers get until the functions are loaded. */
  serve(listener: RequestListener): void;
  /** Takes no more calls and waits for those that run. */
  stop(): Promise<void>;
};

/**
 * Takes the port on the loopback interface.
 * @throws StartError where somebody else has it
 */
export async function listen(port: number): Promise<HttpServer> {
  let answer: RequestListener = (_, response) => writeMessage(response, 503, 'Service Unavailable');
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, port)));
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : port,
    serve: (listener) => {
      answer = listener;
    },
    stop: () =>
      new Promise((resolve) => {
        const force = setTimeout(() => server.closeAllConnections(), 5_000);
        server.close(() => {
          clearTimeout(force);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

/** Serves the functions behind the routes of the HTTP API, and `dev` under `/dev`. */
export function createListener(deps: {
  invoke: Invoke;
  dev: RequestListener;
  /** Told after every request that may have written something. */
  written: () => void;
}): RequestListener {
  const route = createRouter();
  return (request, response) => {
    const target = request.url ?? '/';
    if (/^\/dev(?:[/?]|$)/.test(target)) return deps.dev(request, response);
    const match = route(target.split('?', 1)[0] ?? target);
    if (!match) return writeMessage(response, 404, 'Not Found');
    callFunction(request, response, async (body) =>
      deps.invoke(match.function, toEvent(request, match, body)),
    )
      .catch((error: unknown) => {
        log('error', 'function-failed', { function: match.function, ...errorFields(error) });
        if (response.headersSent) response.destroy();
        else writeMessage(response, 500, 'Internal Server Error');
      })
      .finally(() => {
        if (request.method !== 'GET' && request.method !== 'HEAD') deps.written();
      });
  };
}

async function callFunction(
  request: IncomingMessage,
  response: ServerResponse,
  call: (body: Buffer | undefined) => Promise<unknown>,
): Promise<void> {
  const body = await readBody(request);
  if (body === 'too-large') {
    response.setHeader('connection', 'close');
    return writeMessage(response, 413, 'Request Entity Too Large');
  }
  writeResult(response, await call(body));
}

async function readBody(request: IncomingMessage): Promise<Buffer | 'too-large' | undefined> {
  const announced = request.headers['content-length'];
  if (announced === undefined && request.headers['transfer-encoding'] === undefined) return undefined;
  if (Number(announced) > MAX_BODY) return 'too-large';
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    total += bytes.length;
    if (total > MAX_BODY) return 'too-large';
    chunks.push(bytes);
  }
  return Buffer.concat(chunks, total);
}

function explain(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return new StartError(`Port ${port} is busy. Choose another with --port N.`);
  if (error.code === 'EACCES')
    return new StartError(`We may not listen on port ${port}. Choose another with --port N.`);
  return error;
}
