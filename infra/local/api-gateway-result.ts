import type { ServerResponse } from 'node:http';

import * as z from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const resultSchema = z.object({
  statusCode: z.int().min(100).max(599),
  headers: z.record(z.string(), scalar).optional(),
  cookies: z.array(z.string()).optional(),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().optional(),
});

/** Writes a function's result (payload format 2.0). Throws, before anything is written, where it is none. */
export function writeResult(response: ServerResponse, result: unknown): void {
  const { statusCode, headers, cookies, body, isBase64Encoded } = resultSchema.parse(result);
  const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  for (const [name, value] of Object.entries(headers ?? {})) {
    // Of its body's length the gateway is sure itself.
    if (name.toLowerCase() !== 'content-length') response.setHeader(name, String(value));
  }
  if (cookies && cookies.length > 0) response.setHeader('set-cookie', cookies);
  if (bytes.length > 0) response.setHeader('content-length', bytes.length);
  response.writeHead(statusCode).end(bytes);
}

/** An answer of the gateway itself, in its own words. */
export function writeMessage(response: ServerResponse, statusCode: number, message: string): void {
  const body = JSON.stringify({ message });
  response
    .writeHead(statusCode, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
    .end(body);
}
