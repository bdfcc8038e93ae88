import type { Context } from 'hono';

import { problem } from '../problem.ts';

const KIB = 1024;
const utf8 = new TextDecoder('utf-8', { fatal: true });

const JSON_TYPE = 'application/json';

/** What was posted, parsed and as it was sent; or the answer that says why it cannot be read. */
export type PostedJson = { value: unknown; text: string; mediaType: string } | Response;

/**
 * Reads a JSON document of at most 64 KiB, or 512 where many contacts are meant. No body is `undefined`.
 * @param options `bodies`: media types that are taken besides, by their names
 */
export async function readJson(
  c: Context,
  { large = false, bodies = {} }: { large?: boolean; bodies?: object },
): Promise<PostedJson> {
  const limit = (large ? 512 : 64) * KIB;
  const tooLarge = () => problem(c, 413, { detail: `A body of at most ${limit} bytes is taken here.` });
  // The header spares reading what is too much; what counts is what came.
  if (Number(c.req.header('content-length') ?? 0) > limit) return tooLarge();
  const bytes = await c.req.arrayBuffer();
  if (bytes.byteLength === 0) return { value: undefined, text: '', mediaType: JSON_TYPE };
  if (bytes.byteLength > limit) return tooLarge();
  const mediaType = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  const taken = [JSON_TYPE, ...Object.keys(bodies)];
  if (!taken.includes(mediaType)) return problem(c, 415, { detail: `Send ${taken.join(' or ')}.` });
  try {
    const text = utf8.decode(bytes);
    return { value: JSON.parse(text), text, mediaType };
  } catch {
    return problem(c, 400, { detail: 'The body is not a JSON document.', code: 'malformed-json' });
  }
}
