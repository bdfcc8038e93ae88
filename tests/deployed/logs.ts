import * as z from 'zod';

import type { Emulator } from './emulator.ts';

const answer = z.object({ events: z.array(z.object({ message: z.string() })) });

/** Messages in a log group; none where it is empty. */
export async function readLogs(emulator: Emulator, logGroupName: string): Promise<string[]> {
  const response = await fetch(`http://127.0.0.1:${emulator.port}/`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Logs_20140328.FilterLogEvents',
      authorization: administrator('logs'),
    },
    body: JSON.stringify({ logGroupName }),
  });
  if (!response.ok) return [];
  return answer.parse(await response.json()).events.map(({ message }) => message);
}

/** Runs a deployed function once, under its own role; rejects where it fails. */
export async function runFunction(emulator: Emulator, functionName: string): Promise<void> {
  const url = `http://127.0.0.1:${emulator.port}/2015-03-31/functions/${functionName}/invocations`;
  const headers = { authorization: administrator('lambda') };
  const response = await fetch(url, { method: 'POST', headers, body: '{}' });
  const text = await response.text();
  if (!response.ok || response.headers.has('x-amz-function-error')) {
    throw new Error(`${functionName} failed: ${text.slice(0, 400)}`);
  }
}

/** The emulator reads who calls, not the signature. */
function administrator(service: string): string {
  return `AWS4-HMAC-SHA256 Credential=test/20260101/eu-central-1/${service}/aws4_request, SignedHeaders=host, Signature=none`;
}
