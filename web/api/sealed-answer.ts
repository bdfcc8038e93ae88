import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';

import * as z from 'zod';

import { randomIv } from '../../shared/platform/ids.ts';
import { SUCCESS } from './endpoint.ts';
import type { Answer } from './endpoint.ts';

const stored = z.object({
  status: z.literal(SUCCESS),
  body: z.unknown().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  contentType: z.string().optional(),
});

/**
 * Answers hold addresses, so what is stored can be read by nobody but who sends the same request once more: the key is
 * derived from its text, which we keep only as a hash (T3, and nothing is left to erase).
 */
export function sealAnswer(request: string, answer: Answer): Buffer {
  const iv = randomIv();
  const cipher = createCipheriv('aes-256-gcm', keyFrom(request), iv);
  const packed = gzipSync(JSON.stringify(answer));
  return Buffer.concat([iv, cipher.update(packed), cipher.final(), cipher.getAuthTag()]);
}

/** The answer that was sealed for the same request. Throws for any other. */
export function openAnswer(request: string, sealed: Uint8Array): Answer {
  const bytes = Buffer.from(sealed);
  const decipher = createDecipheriv('aes-256-gcm', keyFrom(request), bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(-16));
  const packed = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
  const { status, body, headers, contentType } = stored.parse(
    JSON.parse(gunzipSync(packed).toString('utf8')),
  );
  return {
    status,
    ...(body === undefined ? {} : { body }),
    ...(headers ? { headers } : {}),
    ...(contentType ? { contentType } : {}),
  };
}

function keyFrom(request: string): Buffer {
  return createHash('sha256').update(`answer\n${request}`).digest();
}
