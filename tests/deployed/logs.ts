import * as z from 'zod';

import type { Emulator } from './emulator.ts';

const answer = z.object({ events: z.array(z.object({ message: z.string() })) });

/** Messages in a log group; none where it is empty. The emulator reads who calls, not the signature. */
export async function readLogs(emulator: Emulator, logGroupName: string): Promise<string[]> {
  const response = await fetch(`http://127.0.0.1:${emulator.port}/`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Logs_20140328.FilterLogEvents',
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20260101/eu-central-1/logs/aws4_request, SignedHeaders=host, Signature=none',
    },
    body: JSON.stringify({ logGroupName }),
  });
  if (!response.ok) return [];
  return answer.parse(await response.json()).events.map(({ message }) => message);
}
