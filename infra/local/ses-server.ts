import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

import { now } from '../../shared/platform/clock.ts';
import { errorFields, log } from '../../shared/platform/log.ts';
import type { Mail } from './mailbox.ts';
import { newMessageId } from './ses-event.ts';
import { readSendEmail } from './ses-request.ts';
import type { SesError } from './ses-request.ts';
import type { SesSwitches } from './ses-switches.ts';
import type { SuppressionList } from './suppression-list.ts';

export type SesServer = {
  endpoint: string;
  /** Resolves when the new behaviour holds. */
  switch(switches: SesSwitches): Promise<void>;
  switches(): SesSwitches;
  stop(): Promise<void>;
};

const THROTTLED: SesError = { status: 429, type: 'TooManyRequestsException', message: 'Too Many Requests' };
const REJECTED: SesError = {
  status: 400,
  type: 'MessageRejected',
  message: 'Email rejected by the local SES.',
};

/** Speaks SES v2 `SendEmail` and `ListSuppressedDestinations` on a free loopback port; `accept` must have stored the mail when it returns. */
export async function startSes(deps: {
  configurationSets: readonly string[];
  accept: (mail: Mail) => void;
  suppressed: Pick<SuppressionList, 'list'>;
}): Promise<SesServer> {
  let switches: SesSwitches = {};
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      log('error', 'ses-stand-in-failed', errorFields(error));
      response.destroy();
    });
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (switches.fail === 'down') return void response.destroy();
    const body = await readText(request);
    if (switches.fail === 'throttle') return writeError(response, THROTTLED, switches.delayMs);
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://ses');
    if (request.method === 'GET' && pathname === '/v2/email/suppression/addresses') {
      const { status, body: listed, type } = deps.suppressed.list(searchParams);
      if (type) response.setHeader('x-amzn-errortype', type);
      return write(response, status, listed, switches.delayMs);
    }
    if (switches.fail === 'reject') return writeError(response, REJECTED, switches.delayMs);
    if (request.method !== 'POST' || pathname !== '/v2/email/outbound-emails') {
      return writeError(response, { status: 404, type: 'UnknownOperationException', message: 'unknown' }, 0);
    }
    const read = readSendEmail(parseJson(body), deps.configurationSets);
    if ('type' in read) return writeError(response, read, switches.delayMs);
    const messageId = newMessageId();
    deps.accept({ ...read, messageId, at: now() });
    if (switches.fail === 'lost-answer') return void response.destroy();
    await write(response, 200, { MessageId: messageId }, switches.delayMs);
  };
  const port = await open(server, 0);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    switches: () => switches,
    switch: async (next) => {
      switches = next;
      // Down means refused: a connection that breaks would leave the caller in doubt.
      if (next.fail === 'down') {
        await close(server);
        // Callers in this very process learn of closed kept connections on their own turn.
        await new Promise((resolve) => setTimeout(resolve, 20));
      } else if (!server.listening) await open(server, port);
    },
    stop: () => close(server),
  };
}

function writeError(
  response: ServerResponse,
  { status, type, message }: SesError,
  delayMs = 0,
): Promise<void> {
  response.setHeader('x-amzn-errortype', type);
  return write(response, status, { message }, delayMs);
}

async function write(response: ServerResponse, status: number, body: object, delayMs = 0): Promise<void> {
  if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function open(server: Server, port: number): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await listenOn(server, port);
    } catch (error) {
      // An outgoing connection of this very machine may hold the port for a moment.
      if (attempt === 40) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      resolve(address !== null && typeof address === 'object' ? address.port : port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
