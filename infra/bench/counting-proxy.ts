import { Agent, createServer, request as startRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';

import * as z from 'zod';

export type Units = { read: number; write: number };
export type CountingProxy = {
  endpoint: string;
  /** Units used since the last call. */
  take(): Units;
  stop(): Promise<void>;
};

const capacity = z.object({ CapacityUnits: z.number() });
const answered = z.object({ ConsumedCapacity: z.union([capacity, z.array(capacity)]).optional() });
const refused = z.object({ __type: z.string() });
const READS = new Set(['GetItem', 'BatchGetItem', 'Query', 'Scan', 'TransactGetItems']);
const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems']);

/** Stands before an engine, asks it what every call costs and adds that up, whoever the caller is. */
export async function startCountingProxy(engine: string): Promise<CountingProxy> {
  const agent = new Agent({ keepAlive: true });
  let units: Units = { read: 0, write: 0 };
  const count = (operation: string, status: number, body: string) => {
    if (status === 200) {
      const { ConsumedCapacity = [] } = answered.parse(JSON.parse(body));
      const sum = [ConsumedCapacity].flat().reduce((total, { CapacityUnits }) => total + CapacityUnits, 0);
      units[READS.has(operation) ? 'read' : 'write'] += sum;
    } else if (refused.safeParse(JSON.parse(body)).data?.__type.endsWith('ConditionalCheckFailedException')) {
      // AWS charges a write whose condition did not hold and does not say how much; our items are small.
      units.write += 1;
    }
  };
  const server = createServer((incoming, outgoing) => {
    const operation = String(incoming.headers['x-amz-target'] ?? '').replace(/^DynamoDB_\d+\./, '');
    const counted = READS.has(operation) || WRITES.has(operation);
    const forward = async () => {
      const text = await readText(incoming);
      const body = counted ? addCapacity(text) : text;
      const headers = { ...incoming.headers, 'content-length': String(Buffer.byteLength(body)) };
      const { status, headers: back, body: answer } = await pass(engine, agent, incoming, headers, body);
      if (counted) count(operation, status, answer);
      outgoing.writeHead(status, { ...back, 'content-length': Buffer.byteLength(answer) }).end(answer);
    };
    forward().catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    endpoint: `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`,
    take: () => {
      const taken = units;
      units = { read: 0, write: 0 };
      return taken;
    },
    stop: () => {
      agent.destroy();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function addCapacity(text: string): string {
  const body = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  return JSON.stringify({ ...body, ReturnConsumedCapacity: 'INDEXES' });
}

type Answer = { status: number; headers: Record<string, string>; body: string };

function pass(
  engine: string,
  agent: Agent,
  incoming: IncomingMessage,
  headers: Record<string, string | string[] | undefined>,
  body: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = startRequest(engine, { method: incoming.method, path: incoming.url, headers, agent });
    outgoing.once('error', reject).once('response', (response) => {
      const type = String(response.headers['content-type'] ?? '');
      readText(response).then(
        (text) =>
          resolve({ status: response.statusCode ?? 0, headers: { 'content-type': type }, body: text }),
        reject,
      );
    });
    outgoing.end(body);
  });
}

async function readText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
