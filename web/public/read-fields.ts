import type { Context } from 'hono';

/** More than any page of ours can post. */
const MAX_BYTES = 64 * 1024;
const FORM_TYPES = new Set(['application/x-www-form-urlencoded', 'multipart/form-data']);

export type Fields = Record<string, string | undefined>;
/** The text fields of a small posted form, or why it cannot be read. */
export type PostedFields = { ok: true; fields: Fields } | { ok: false; status: 400 | 413 | 415 };

/**
 * Reads what a page or a mail program posted, urlencoded or multipart (U3). What we cannot read is refused: a mail
 * program that is answered 200 believes its reader unsubscribed.
 */
export async function readFields(c: Context): Promise<PostedFields> {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== undefined && !FORM_TYPES.has(type)) return { ok: false, status: 415 };
  // The header spares reading what is too much; what counts is what came.
  if (Number(c.req.header('content-length') ?? 0) > MAX_BYTES) return { ok: false, status: 413 };
  const { byteLength } = await c.req.arrayBuffer();
  if (byteLength > MAX_BYTES) return { ok: false, status: 413 };
  if (type === undefined) return byteLength === 0 ? { ok: true, fields: {} } : { ok: false, status: 415 };
  try {
    const body = await c.req.parseBody();
    const texts = Object.entries(body).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as const] : [],
    );
    return { ok: true, fields: Object.fromEntries(texts) };
  } catch {
    return { ok: false, status: 400 };
  }
}
